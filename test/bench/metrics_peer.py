"""The metrics of scikit-learn, SciPy and rliable on the cases of a JSON file: one list of numbers per case, or null."""
import json
import sys
import warnings

import numpy as np
from scipy.stats import binomtest, trim_mean
from sklearn import metrics

warnings.simplefilter("ignore")


def classification(case):
    y, p, n = case["labels"], case["predictions"], case["numClasses"]
    scores = [metrics.accuracy_score(y, p)]
    for average in ("micro", "macro", "weighted"):
        scores += list(metrics.precision_recall_fscore_support(y, p, average=average, zero_division=0)[:3])
    return scores + metrics.confusion_matrix(y, p, labels=range(n)).ravel().tolist()


def ranking(case):
    y, s = case["labels"], case["scores"]
    return [metrics.roc_auc_score(y, s), metrics.average_precision_score(y, s)]


def regression(case):
    y, p = np.array(case["targets"]), np.array(case["predictions"])
    d = p - y
    score = np.where(d < 0, np.exp(-d / 13) - 1, np.exp(d / 10) - 1).sum()
    return [metrics.root_mean_squared_error(y, p), metrics.mean_absolute_error(y, p), score]


def mask(case):
    return [metrics.jaccard_score(case["truth"], case["mask"])]


def calibration(case):
    # scikit-learn has no expected calibration error: its definition by NumPy, bins open below
    c, right = np.array(case["confidences"]), np.array(case["correct"])
    bins = np.digitize(c, np.linspace(0, 1, 16)[1:-1], right=True)
    return [sum(abs(right[bins == b].mean() - c[bins == b].mean()) * (bins == b).mean() for b in set(bins))]


def paired(case):
    a, b = np.array(case["first"]), np.array(case["second"])
    only = int((a > b).sum()), int((a < b).sum())
    return [binomtest(only[0], sum(only)).pvalue if sum(only) else 1.0, trim_mean(case["values"], 0.25)]


def intervals(case):
    from rliable import library
    from rliable import metrics as rliable

    np.random.seed(1)
    scores = np.array(case["scores"]).T
    iqm = lambda x: np.array([rliable.aggregate_iqm(x)])
    values, interval = library.get_interval_estimates({"x": scores}, iqm, reps=20000)
    return [float(values["x"][0]), float(interval["x"][0][0]), float(interval["x"][1][0])]


KINDS = dict(
    classification=classification,
    ranking=ranking,
    regression=regression,
    mask=mask,
    calibration=calibration,
    paired=paired,
    intervals=intervals,
)
with open(sys.argv[1]) as file:
    cases = json.load(file)
with open(sys.argv[2], "w") as file:
    json.dump([KINDS[case["kind"]](case) for case in cases], file)
