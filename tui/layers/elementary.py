"""Elementary functions of each element, as the operators of ONNX and of the frameworks' own arithmetic name them.

Shapes stay; element-wise work is one operation an element.
"""

from __future__ import annotations

from tui.core.argument import Arg, Real
from tui.core.kind import Kind, Work
from tui.core.tensor import Tensors
from tui.core.variant import variant

_ANY = float("-inf")


class Function(Kind):
    """Base of the kinds that are one function of each element."""

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=outputs[0].elements)


class Predicate(Function):
    """Base of the kinds that say true or false of each element."""

    def output(self, inputs: Tensors) -> Tensors:
        return (inputs[0]._replace(dtype="bool"),)


def _function(name: str, meaning: str, *aliases: str, args: tuple[Arg, ...] = ()) -> type[Kind]:
    return variant(Function, name, meaning, *aliases, args=args)


Abs = _function("abs", "The absolute value.", "absolute")
Neg = _function("neg", "-x.", "negative")
Sign = _function("sign", "-1, 0 or 1.")
Floor = _function("floor", "Rounded down.")
Ceil = _function("ceil", "Rounded up.")
Round = _function("round", "Rounded to the nearest whole number.")
Reciprocal = _function("reciprocal", "1/x.")
Sqrt = _function("sqrt", "The square root.")
Rsqrt = _function("rsqrt", "1/sqrt(x).")
Square = _function("square", "x*x.")
Log = _function("log", "The natural logarithm.")
Log1p = _function("log1p", "log(1 + x).")
Expm1 = _function("expm1", "exp(x) - 1.")
Erf = _function("erf", "The error function.")
Sin = _function("sin", "The sine.")
Cos = _function("cos", "The cosine.")
Tan = _function("tan", "The tangent.")
Asin = _function("asin", "The inverse of the sine.", "arcsin")
Acos = _function("acos", "The inverse of the cosine.", "arccos")
Atan = _function("atan", "The inverse of the tangent.", "arctan")
Sinh = _function("sinh", "The hyperbolic sine.")
Cosh = _function("cosh", "The hyperbolic cosine.")
Asinh = _function("asinh", "The inverse of the hyperbolic sine.", "arcsinh")
Acosh = _function("acosh", "The inverse of the hyperbolic cosine.", "arccosh")
Atanh = _function("atanh", "The inverse of the hyperbolic tangent.", "arctanh")
BitwiseNot = _function("bitwisenot", "Every bit turned over.", "bitwise_not")
Not = variant(Predicate, "not", "True where x is false.", "logicalnot", "logical_not")
IsNan = variant(Predicate, "isnan", "True where x is not a number.")
IsInf = variant(Predicate, "isinf", "True where x is infinite.")
Rescaling = _function("rescaling", "x*scale + offset (Keras).", args=(
    Arg("scale", Real(_ANY), 1.0, "the factor"),
    Arg("offset", Real(_ANY), 0.0, "what is added"),
))  # fmt: skip
Clip = _function("clip", "x between two bounds.", "clamp", args=(
    Arg("min", Real(_ANY), None, "the lower bound", aliases=("x_min",)),
    Arg("max", Real(_ANY), None, "the upper bound", aliases=("x_max",)),
))  # fmt: skip
