# Writes reference_r.json: what pROC, boot and psych say of random and degenerate
# data. Run with R 4.2, pROC 1.18, boot 1.3, psych 2.2: Rscript reference.R
suppressMessages({library(pROC); library(boot); library(psych)})
options(warn = -1, digits = 17)
set.seed(20170903)

number <- function(x) ifelse(is.finite(x), trimws(formatC(x, digits = 15, format = "g", width = 1)), "null")
vec <- function(x) paste0("[", paste(number(x), collapse = ","), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, vec), collapse = ","), "]")
obj <- function(...) { f <- c(...); paste0("{", paste0('"', names(f), '":', f, collapse = ","), "}") }
arr <- function(x) paste0("[", paste(x, collapse = ",\n"), "]")

# DeLong variance and interval, and the paired test of two AUCs.
delong <- sapply(1:40, function(i) {
  n <- sample(2:25, 1); m <- sample(2:25, 1)
  pos <- round(rnorm(n, .6), 2); neg <- round(rnorm(m), 2)
  if (i %% 4 == 1) { pos <- round(pos); neg <- round(neg) }
  if (i == 2) { pos <- neg <- rep(1, 5) }
  if (i == 3) { pos <- 11:15; neg <- 1:5 }
  r <- roc(c(rep(1, length(pos)), rep(0, length(neg))), c(pos, neg), levels = c(0, 1), direction = "<", quiet = TRUE)
  ci <- tryCatch(as.numeric(ci.auc(r, method = "delong")), error = function(e) c(NA, NA, NA))
  obj(positive = vec(pos), negative = vec(neg), auc = number(as.numeric(auc(r))), variance = number(var(r, method = "delong")), interval = vec(ci[c(1, 3)]))
})

# Percentile and BCa intervals of given replicates and influences.
intervals <- sapply(1:24, function(i) {
  n <- sample(8:30, 1); x <- round(rexp(n), 4)
  b <- boot(x, function(d, k) mean(d[k])^2 / var(d[k]), R = c(99, 199, 250)[1 + i %% 3])
  b$t <- matrix(signif(b$t, 9))
  jack <- signif(sapply(seq_along(x), function(k) mean(x[-k])^2 / var(x[-k])), 9)
  level <- c(.95, .9)[1 + i %% 2]
  ci <- boot.ci(b, conf = level, type = c("perc", "bca"), L = mean(jack) - jack)
  obj(estimate = number(b$t0), replicates = vec(b$t), jackknife = vec(jack), level = number(level),
      percentile = vec(ci$percent[4:5]), bca = vec(ci$bca[4:5]))
})

# Williams' test: r.test's shared variable is its first.
williams <- sapply(1:24, function(i) {
  n <- sample(5:400, 1); x <- cor(matrix(rnorm(3 * n), n) %*% matrix(runif(9), 3))
  r <- round(x[lower.tri(x)], 6) # r12, r13, r23 with 3 shared
  t <- r.test(n, r12 = r[2], r23 = r[1], r13 = r[3])
  obj(n = n, r12 = number(r[1]), r13 = number(r[2]), r23 = number(r[3]), t = number(t$t * sign(r[2] - r[3]) * sign(t$t)), p = number(t$p))
})

iccs <- sapply(1:30, function(i) {
  n <- sample(3:20, 1); k <- sample(2:8, 1)
  x <- outer(rnorm(n, sd = 1), rnorm(k, sd = .5), "+") + matrix(rnorm(n * k, sd = .7), n)
  x <- round(x + 3)
  icc <- tryCatch(ICC(x, lmer = FALSE)$results[5, ], error = function(e) NULL)
  if (is.null(icc)) icc <- list(ICC = NA, `lower bound` = NA, `upper bound` = NA)
  obj(table = rows(x), icc = number(icc$ICC), interval = vec(c(icc$`lower bound`, icc$`upper bound`)))
})

partials <- sapply(1:20, function(i) {
  n <- sample(6:40, 1); z <- rnorm(n); x <- round(z + rnorm(n), 1); y <- round(z + rnorm(n), 1); z <- round(z, 1)
  p <- partial.r(data.frame(x, y, z), c("x", "y"), "z", method = "spearman")
  obj(x = vec(x), y = vec(y), z = vec(z), partial = number(p[1, 2]))
})

writeLines(obj(delong = arr(delong), intervals = arr(intervals), williams = arr(williams), iccs = arr(iccs), partials = arr(partials)), "reference_r.json")
