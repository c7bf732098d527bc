"""Groups of arrays that compiled functions take as one pointer.

Numba passes a tuple of arrays field by field and counts references of every array at every call, which costs more
than the kernel's own work. A `Struct` is passed as the address of a block that holds, for each array, its data
pointer and its shape; reading `struct.field` in compiled code loads them. The Python object owns the arrays, so it
must outlive every call.
"""

import hashlib
from typing import Any, Self

import numpy as np
from llvmlite import ir
from numba import from_dtype, types
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, typeof_impl, unbox
from numba.np.arrayobj import populate_array


class Struct:
    """A fixed set of C-contiguous arrays, named by the annotations of a subclass."""

    def __init__(self, **arrays: Any) -> None:
        names = tuple(type(self).__annotations__)
        if set(names) != set(arrays):
            raise TypeError(f"{type(self).__name__} takes the arrays {', '.join(names)}")
        words: list[int] = []
        for name in names:
            array = np.ascontiguousarray(arrays[name])
            setattr(self, name, array)
            words += [array.ctypes.data, *array.shape]
        self._block = np.array(words, np.int64)
        self.address = self._block.ctypes.data
        self.compiled_type = StructType(
            type(self).__name__,
            tuple((name, from_dtype(getattr(self, name).dtype), getattr(self, name).ndim) for name in names),
        )

    def copy(self) -> Self:
        """A struct of copied arrays."""
        return type(self)(**{name: getattr(self, name).copy() for name in type(self).__annotations__})

    def arrays(self) -> list[np.ndarray[Any, Any]]:
        """All arrays, in the order of the annotations."""
        return [getattr(self, name) for name in type(self).__annotations__]


class StructType(types.Type):
    """The compiled type of a struct: names, element types and dimensions."""

    def __init__(self, title: str, fields: tuple[tuple[str, types.Type, int], ...]) -> None:
        self.title = title
        self.fields = fields
        digest = hashlib.sha256(repr(fields).encode()).hexdigest()[
            :12
        ]  # the name is part of every symbol: keep it short
        super().__init__(name=f"{title}_{digest}")

    def field(self, name: str) -> tuple[int, types.Array] | None:
        """Position of a field in the block, in words, and its array type."""
        offset = 0
        for field, element, dimensions in self.fields:
            if field == name:
                return offset, types.Array(element, dimensions, "C")
            offset += 1 + dimensions
        return None


register_model(StructType)(models.OpaqueModel)


@typeof_impl.register(Struct)
def _type_of(value: Struct, context: Any) -> StructType:
    return value.compiled_type


@infer_getattr
class _StructAttributes(AttributeTemplate):
    key = StructType

    def generic_resolve(self, struct: StructType, name: str) -> types.Array | None:
        found = struct.field(name)
        return None if found is None else found[1]


@lower_getattr_generic(StructType)
def _get_array(context: Any, builder: Any, struct: StructType, value: Any, name: str) -> Any:
    found = struct.field(name)
    assert found is not None
    offset, array_type = found
    word = ir.IntType(64)
    block = builder.bitcast(value, word.as_pointer())

    def load(index: int) -> Any:
        loaded = builder.load(builder.gep(block, [ir.Constant(word, index)]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))  # the block is never written again
        return loaded

    array = context.make_array(array_type)(context, builder)
    data = builder.inttoptr(load(offset), array.data.type)
    shape = [load(offset + 1 + axis) for axis in range(array_type.ndim)]
    item = ir.Constant(word, context.get_abi_sizeof(context.get_data_type(array_type.dtype)))
    strides = [item]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=item, meminfo=None)
    return array._getvalue()  # noqa: SLF001 - numba has no public name for it


@unbox(StructType)
def _unbox(struct: StructType, value: Any, context: Any) -> NativeValue:
    address = context.pyapi.object_getattr_string(value, "address")
    pointer = context.pyapi.long_as_voidptr(address)
    context.pyapi.decref(address)
    return NativeValue(pointer)
