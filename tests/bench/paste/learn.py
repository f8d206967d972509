"""Plain logistic regression on numpy: Newton's steps with a quadratic penalty on standardised numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """Weights for raw numbers, `start` their constant."""

    start: float
    weights: Floats

    def log_odds(self, rows: Floats) -> Floats:
        """The logarithm of the odds of each row (n × features)."""
        return rows @ self.weights + self.start


def fit(rows: Floats, truth: Floats, importance: Floats, penalty: float, steps: int = 25) -> Fit:
    """The weights that make `truth` (0 or 1) likeliest, each row counted `importance` times."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread < 1e-9] = 1.0
    scaled = np.column_stack([(rows - middle) / spread, np.ones(len(rows))])
    ridge = np.full(scaled.shape[1], penalty)
    ridge[-1] = 1e-6
    weights = np.zeros(scaled.shape[1])
    for _step in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (importance * (truth - chance)) - ridge * weights
        curve = (scaled.T * (importance * (chance * (1 - chance) + 1e-6))) @ scaled + np.diag(ridge)
        change = np.linalg.solve(curve, slope)
        weights += change
        if np.abs(change).max() < 1e-4:
            break
    raw = weights[:-1] / spread
    return Fit(float(weights[-1] - raw @ middle), raw)
