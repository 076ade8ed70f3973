"""Writes scikit-learn.json, the figures that RankingTests and PixelRankingTests compare with: seeded scores and labels, with and without ties, and what
scikit-learn makes of them. Usage: python3 scikit-learn.py > scikit-learn.json"""
import json

import numpy
import sklearn
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

random = numpy.random.default_rng(20241)


def case(normal, anomalous, distance, levels=None):
    labels = numpy.r_[numpy.zeros(normal, int), numpy.ones(anomalous, int)]
    scores = random.normal(size=labels.size) + distance * labels
    if levels:
        scores = numpy.round(scores * levels) / levels
    scores = scores.astype(numpy.float32)
    order = random.permutation(labels.size)
    labels, scores = labels[order], scores[order]
    precision, recall, _ = precision_recall_curve(labels, scores)
    return {
        "labels": labels.tolist(),
        "scores": [float(score) for score in scores],
        "auroc": roc_auc_score(labels, scores),
        "ap": average_precision_score(labels, scores),
        "f1Max": float(numpy.max(2 * precision * recall / numpy.maximum(precision + recall, 1e-300))),
    }


cases = [case(60, 40, 1.0), case(200, 15, 0.3, 4), case(15, 200, 2.0, 2), case(3000, 120, 1.5), case(2000, 100, 0.8, 16), case(5, 5, 0.0, 1)]
print(json.dumps({"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "cases": cases}, separators=(",", ":")).replace("},{", "},\n{"))
