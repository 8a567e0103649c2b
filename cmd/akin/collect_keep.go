package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func (c *console) collectForgetCommand() *cobra.Command {
	var f studyFlags
	cmd := &cobra.Command{
		Use:   "forget SET PERSON",
		Short: "delete everything of one person",
		Long: `forget deletes a person's answers, codes and identifiers. PERSON is the number that
the study's last page gave, or that of the exports. Backups and exports made
before still hold the person: make them anew.`,
		Example: `  akin collect forget my-set 7km2x9pq`,
		Args:    arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withStudy(cmd.Context(), args[0], f, func(o *opened) error {
				if err := o.Store.Forget(cmd.Context(), args[1], time.Now()); err != nil {
					return fmt.Errorf("forget %s: %w", args[1], err)
				}
				fmt.Fprintf(c.prose(), "everything of %s is deleted; exports and backups made before still hold it\n", args[1])
				return nil
			})
		},
	}
	f.add(cmd.Flags())
	return cmd
}

func (c *console) collectBackupCommand() *cobra.Command {
	var f studyFlags
	cmd := &cobra.Command{
		Use:   "backup SET FILE",
		Short: "copy the database to a file, while people answer",
		Long: `backup writes all that the database holds at one moment to a new SQLite file, of
PostgreSQL too. The file can itself be used with --db.`,
		Example: `  akin collect backup my-set backup-monday.db`,
		Args:    arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withStudy(cmd.Context(), args[0], f, func(o *opened) error {
				if err := o.Store.Backup(cmd.Context(), args[1]); err != nil {
					return err
				}
				fmt.Fprintln(c.prose(), args[1])
				return nil
			})
		},
	}
	f.add(cmd.Flags())
	return cmd
}
