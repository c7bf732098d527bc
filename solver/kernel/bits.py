"""Sets of starts as bits in 64-bit words: bit `j` of a segment is its start number `j`."""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from solver.kernel.compiled import compiled

ONE = np.uint64(1)
FULL = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE = np.uint64(0)


@intrinsic
def trailing_zeros(typing_context, word):
    """Number of zero bits below the lowest set bit of a non-zero word."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@intrinsic
def leading_zeros(typing_context, word):
    """Number of zero bits above the highest set bit of a non-zero word."""

    def generate(context, builder, signature, arguments):
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@compiled
def from_bit(bit):
    """A word with all bits from `bit` (0…63) upward."""
    return FULL << np.uint64(bit)


@compiled
def up_to_bit(bit):
    """A word with all bits from 0 to `bit` (0…63)."""
    return FULL >> np.uint64(63 - bit)


@compiled
def fill(words, count, low, high):
    """Make a set of the bits low…high (none if low > high) of `count` words."""
    for w in range(count):
        words[w] = NONE
    if low <= high:
        for w in range(low >> 6, (high >> 6) + 1):
            words[w] = FULL
        words[low >> 6] &= from_bit(low & 63)
        words[high >> 6] &= up_to_bit(high & 63)


@compiled
def spread(words, count, low, word):
    """Make a set of `count` words from one word whose bit 0 is bit `low` of the set."""
    for w in range(count):
        words[w] = NONE
    first, shift = low >> 6, low & 63
    words[first] = word << np.uint64(shift)
    if shift and first + 1 < count:
        words[first + 1] = word >> np.uint64(64 - shift)


@compiled
def clear(words, low, high):
    """Take the bits low…high out of a set."""
    if low > high:
        return
    first, last = low >> 6, high >> 6
    if first == last:
        words[first] &= ~(from_bit(low & 63) & up_to_bit(high & 63))
        return
    words[first] &= ~from_bit(low & 63)
    for w in range(first + 1, last):
        words[w] = NONE
    words[last] &= ~up_to_bit(high & 63)


@compiled
def keep(words, source, low, high):
    """Add the bits low…high of `source` to a set."""
    if low > high:
        return
    first, last = low >> 6, high >> 6
    if first == last:
        words[first] |= source[first] & from_bit(low & 63) & up_to_bit(high & 63)
        return
    words[first] |= source[first] & from_bit(low & 63)
    for w in range(first + 1, last):
        words[w] |= source[w]
    words[last] |= source[last] & up_to_bit(high & 63)


@compiled
def next_bit(words, low, high):
    """The first set bit in low…high, -1: none."""
    if low > high:
        return -1
    w, last = low >> 6, high >> 6
    word = words[w] & from_bit(low & 63)
    while word == NONE:
        w += 1
        if w > last:
            return -1
        word = words[w]
    bit = (w << 6) + trailing_zeros(word)
    return bit if bit <= high else -1


@compiled
def last_bit(words, low, high):
    """The last set bit in low…high, -1: none."""
    if low > high:
        return -1
    w, first = high >> 6, low >> 6
    word = words[w] & up_to_bit(high & 63)
    while word == NONE:
        w -= 1
        if w < first:
            return -1
        word = words[w]
    bit = (w << 6) + 63 - leading_zeros(word)
    return bit if bit >= low else -1


@compiled
def has_bit(words, bit):
    """Whether a bit is in a set."""
    return (words[bit >> 6] >> np.uint64(bit & 63)) & ONE == ONE


@compiled
def window_word(row, bit):
    """64 bits of a long row from any bit on; the row has one word to spare."""
    w, shift = bit >> 6, bit & 63
    if shift == 0:
        return row[w]
    return (row[w] >> np.uint64(shift)) | (row[w + 1] << np.uint64(64 - shift))
