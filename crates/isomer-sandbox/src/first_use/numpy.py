"""What most programs do with numpy, once: loads what it loads late."""

import numpy

numbers = numpy.arange(12, dtype=float).reshape(3, 4)
numpy.linalg.norm(numbers @ numbers.T)
numpy.sort(numbers.cumsum())[::-1].mean()
str(numpy.random.default_rng(0).integers(5, size=3))
