"""Writes statistics.json: seeded samples and what SciPy makes of them, for StatisticsTests. The DeLong figures follow DeLong, DeLong and Clarke-Pearson
(1988) pair by pair, which no library here offers. Usage: python3 statistics.py > statistics.json"""
import itertools
import json

import numpy
import scipy
from scipy import stats

random = numpy.random.default_rng(7)


def wilcoxon(size, decimals=None):
    first = random.normal(size=size)
    second = first + random.normal(0.4, 0.7, size)
    if decimals is not None:
        first, second = first.round(decimals), second.round(decimals)
    differences = second - first
    ties = decimals is not None
    result = stats.wilcoxon(differences, zero_method="pratt", mode="approx" if ties or size > 50 else "exact", correction=False)
    return {"first": first.tolist(), "second": second.tolist(), "p": float(result.pvalue)}


def permutation(size):
    """Tied differences: the exact two-sided p-value by listing every sign."""
    differences = random.integers(-3, 6, size) / 4.0
    ranks = stats.rankdata(abs(differences))
    parts = numpy.where(differences == 0, 0, ranks)
    observed = parts[differences > 0].sum()
    sums = numpy.array([sum(r for r, s in zip(parts, signs) if s) for signs in itertools.product((0, 1), repeat=size)])
    p = 2 * min((sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean())
    return {"differences": differences.tolist(), "p": min(1.0, float(p))}


def friedman(rows, columns, decimals):
    values = (random.normal(size=(rows, columns)) + 0.5 * numpy.arange(columns)).round(decimals)
    result = stats.friedmanchisquare(*values.T)
    return {"values": values.tolist(), "statistic": float(result.statistic), "p": float(result.pvalue)}


def placements(scores, labels):
    positive, negative = scores[labels == 1], scores[labels == 0]
    pairs = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return pairs.mean(), pairs.mean(axis=1), pairs.mean(axis=0)


def delong(normal, anomalous, decimals):
    labels = numpy.r_[numpy.zeros(normal, int), numpy.ones(anomalous, int)]
    hidden = random.normal(size=labels.size) + labels
    first = (hidden + 0.7 * random.normal(size=labels.size)).round(decimals)
    second = (hidden + 1.5 * random.normal(size=labels.size)).round(decimals)
    (a, a10, a01), (b, b10, b01) = placements(first, labels), placements(second, labels)
    covariance = numpy.cov(a10, b10) / anomalous + numpy.cov(a01, b01) / normal
    z = (a - b) / numpy.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    return {"labels": labels.tolist(), "first": first.tolist(), "second": second.tolist(), "auroc": [float(a), float(b)],
            "variance": [float(covariance[0, 0]), float(covariance[1, 1])], "z": float(z), "p": float(2 * stats.norm.sf(abs(z)))}


def effects(size):
    first, second = random.normal(size=size).round(1), random.normal(0.3, 1, size).round(1)
    differences = first - second
    u = stats.mannwhitneyu(first, second).statistic
    return {"first": first.tolist(), "second": second.tolist(), "cohen": float(differences.mean() / differences.std(ddof=1)),
            "cliff": float(2 * u / size**2 - 1)}


def bootstrap(size):
    """A mean, for which SciPy's percentile interval with 100,000 resamples is taken as the truth."""
    values = random.exponential(size=size)
    result = stats.bootstrap((values,), numpy.mean, n_resamples=100_000, method="percentile", confidence_level=0.95, random_state=1)
    return {"values": values.tolist(), "low": float(result.confidence_interval.low), "high": float(result.confidence_interval.high)}


nemenyi = [{"methods": k, "level": a, "q": float(stats.studentized_range.ppf(1 - a, k, numpy.inf) / numpy.sqrt(2))}
           for k in (2, 3, 4, 5, 8, 10, 20) for a in (0.01, 0.05, 0.10)]
print(json.dumps({
    "scipy": scipy.__version__, "numpy": numpy.__version__,
    "wilcoxon": [wilcoxon(6), wilcoxon(15), wilcoxon(45), wilcoxon(80), wilcoxon(160, 0), wilcoxon(120, 1)],
    "permutation": [permutation(n) for n in (5, 9, 14)],
    "friedman": [friedman(10, 4, 3), friedman(12, 5, 0), friedman(30, 3, 1)],
    "delong": [delong(40, 30, 6), delong(80, 12, 1), delong(15, 60, 0)],
    "effects": [effects(12), effects(40)],
    "bootstrap": bootstrap(40),
    "nemenyi": nemenyi}, indent=None, separators=(",", ":")).replace("},", "},\n"))
