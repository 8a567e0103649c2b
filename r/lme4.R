# Read the record of a run, repeat its matching errors, and fit a mixed model.
#
#     Rscript r/lme4.R runs/everyday [MODEL]
#
# Ids stay text (01 is not 1), and a tie counts as the run's settings say. The
# script ends with 1 if an error differs from the one in summary.csv. Where package lme4 is installed
# and the set has relations, a logistic model with crossed random intercepts for
# targets, related and unrelated pictures follows; ties are left out of it.
arguments <- commandArgs(trailingOnly = TRUE)
run <- if (length(arguments) > 0) arguments[1] else "runs/everyday"

settings <- readLines(file.path(run, "run.json"), warn = FALSE)
if (any(grepl('^    "task":', settings))) {
  stop(run, " is a run on judgements of another task; this script reads runs on triplets")
}
choices <- read.csv(file.path(run, "choices.csv"), colClasses = "character", na.strings = character(0), check.names = FALSE, encoding = "UTF-8")
summary <- read.csv(file.path(run, "summary.csv"), colClasses = "character", na.strings = character(0), check.names = FALSE, encoding = "UTF-8")
rule <- sub('.*"ties": "([a-z -]+)".*', "\\1", grep('"ties":', settings, value = TRUE)[1])
tie <- c("half-credit" = 0.5, "as-wrong" = 1, "as-right" = 0, "dropped" = NA)[[rule]]

choices$error <- c(right = 0, wrong = 1, tie = tie)[choices$outcome]
repeated <- tapply(choices$error, factor(choices$model, unique(choices$model)), mean, na.rm = TRUE)
overall <- summary[summary$axis == "all", ]
recorded <- setNames(as.numeric(overall$matching_error), overall$model)
print(data.frame(matching.error = round(repeated, 4)))
if (!setequal(names(repeated), names(recorded)) || any(abs(repeated - recorded[names(repeated)]) > 1e-12)) {
  stop("the record says otherwise")
}
cat("The same errors as in summary.csv.\n")

if (!requireNamespace("lme4", quietly = TRUE)) {
  cat("No mixed model: package lme4 is not installed.\n")
} else if (length(setdiff(unique(choices$relation), "")) < 2) {
  cat("No mixed model: the set has no two relations.\n")
} else {
  model <- if (length(arguments) > 1) arguments[2] else choices$model[1]
  own <- choices[choices$model == model & choices$outcome != "tie" & choices$relation != "", ]
  fit <- lme4::glmer((outcome == "wrong") ~ relation + (1 | target) + (1 | related) + (1 | unrelated),
    data = own, family = binomial, control = lme4::glmerControl(optimizer = "bobyqa"))
  cat("\nModel ", model, ", ", nrow(own), " triplets:\n", sep = "")
  print(coef(base::summary(fit)))
  if (max(abs(lme4::fixef(fit))) > 10) {
    cat("These estimates cannot be used: so few triplets leave the model without finite ones.\n")
  }
}
