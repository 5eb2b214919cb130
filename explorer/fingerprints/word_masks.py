"""Instructions for the kernels: which of 64 bytes belong to words or are seen, eight bytes or one, the lowest bit.

Written as portable LLVM vectors, which become AVX-512, AVX2, SSE2 or NEON as the processor has it. Everything here
takes addresses: the caller answers for what lies there. An array handed to each of these small functions would have its
references counted, which costs more than they do.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

BLOCK = 64
"""Bytes of one mask."""

_intrinsic: Any = intrinsic  # who calls one leaves out its first argument
_BYTE = ir.IntType(8)
_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_BYTE, BLOCK)


def _splat(value: int) -> Any:
    return ir.Constant(_VECTOR, [value] * BLOCK)


def _loaded(builder: Any, address: Any, kind: Any) -> Any:
    value = builder.load(builder.inttoptr(address, ir.PointerType(kind)), align=1)
    value.align = 1
    return value


@_intrinsic
def word_mask(_: Any, address: Any) -> Any:
    """Returns a uint64 whose bit i tells whether byte i at `address` is a letter, digit, underscore or above 0x7F.

    Reads 64 bytes.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        text = _loaded(builder, arguments[0], _VECTOR)
        lower = builder.or_(text, _splat(0x20))
        letter = builder.icmp_unsigned("<", builder.sub(lower, _splat(ord("a"))), _splat(26))
        digit = builder.icmp_unsigned("<", builder.sub(text, _splat(ord("0"))), _splat(10))
        underscore = builder.icmp_unsigned("==", text, _splat(ord("_")))
        high = builder.icmp_unsigned(">=", text, _splat(0x80))
        mask = builder.or_(builder.or_(letter, digit), builder.or_(underscore, high))
        return builder.bitcast(mask, _WORD)

    return types.uint64(types.uint64), emit


@_intrinsic
def ink_mask(_: Any, address: Any) -> Any:
    """Returns a uint64 whose bit i tells whether byte i at `address` is no blank and no control character.

    Reads 64 bytes.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        text = _loaded(builder, arguments[0], _VECTOR)
        above = builder.icmp_unsigned(">", text, _splat(0x20))
        kept = builder.icmp_unsigned("!=", text, _splat(0x7F))
        return builder.bitcast(builder.and_(above, kept), _WORD)

    return types.uint64(types.uint64), emit


@_intrinsic
def eight_bytes(_: Any, address: Any) -> Any:
    """Returns the eight bytes at `address` as a little-endian uint64, wherever it is aligned."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _loaded(builder, arguments[0], _WORD)

    return types.uint64(types.uint64), emit


@_intrinsic
def one_byte(_: Any, address: Any) -> Any:
    """Returns the byte at `address` as a uint64."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.zext(_loaded(builder, arguments[0], _BYTE), _WORD)

    return types.uint64(types.uint64), emit


@_intrinsic
def lowest_bit(_: Any, mask: Any) -> Any:
    """Returns the position of the lowest bit that is set in a uint64, 64 where none is."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), emit
