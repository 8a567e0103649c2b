package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/akin-vision/akin/internal/english"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// misread says what is wrong with a flag of a command line, in akin's words.
func misread(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	var value *pflag.InvalidValueError
	var needs *pflag.ValueRequiredError
	switch {
	case errors.As(err, &missing) && missing.GetSpecifiedShortnames() != "":
		err = seeHelp(cmd, "has no flag -"+missing.GetSpecifiedName())
	case errors.As(err, &missing):
		what := "has no flag --" + missing.GetSpecifiedName()
		if near := english.Meant(missing.GetSpecifiedName(), flagNames(cmd)); near != "" {
			what += fmt.Sprintf("; did you mean --%s?", near)
		}
		err = seeHelp(cmd, what)
	case errors.As(err, &needs) && needs.GetFlag() != nil:
		err = seeHelp(cmd, fmt.Sprintf("needs a value for --%s", needs.GetFlag().Name))
	case errors.As(err, &value):
		err = fmt.Errorf("%s: --%s %q: %w", cmd.CommandPath(), value.GetFlag().Name, value.GetValue(), wantedBy(value))
	}
	return usageError{err}
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// wantedBy says what a flag takes. The types that Go has speak of their own code.
func wantedBy(e *pflag.InvalidValueError) error {
	switch e.GetFlag().Value.Type() {
	case "uint64":
		return errors.New("it takes a whole number from 0")
	case "float64":
		return errors.New("it takes a number")
	case "bool":
		return errors.New("it takes true or false")
	case "duration":
		return errors.New("it takes a time such as 90s")
	case "int":
		if errors.As(e, new(*strconv.NumError)) {
			return errors.New("it takes a whole number")
		}
	}
	return errors.Unwrap(e)
}

// count is the value of a flag that takes a number above zero.
type count int

func (c *count) String() string { return strconv.Itoa(int(*c)) }
func (c *count) Type() string   { return "int" }

func (c *count) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("it takes a whole number above zero")
	}
	*c = count(n)
	return nil
}
