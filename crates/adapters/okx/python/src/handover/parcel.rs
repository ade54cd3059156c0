//! Memory that a capsule owns, so that it lives exactly as long as anybody can reach it through the capsule.

use std::{marker::PhantomData, ptr::NonNull};

use pyo3::{ffi, prelude::*, types::PyCapsule};

/// A value inside a nameless capsule, reused from message to message.
///
/// The wheel copies what it reads during the call and keeps neither the capsule nor the memory. Should it keep the capsule all
/// the same, the memory stays with it.
pub(super) struct Parcel<T> {
    capsule: Py<PyCapsule>,
    at: NonNull<T>,
    owns: PhantomData<T>,
}

// SAFETY: the pointer leads to a `T` that is owned by the capsule, of which this type owns a reference; access needs `&mut self`.
#[expect(unsafe_code)]
unsafe impl<T: Send> Send for Parcel<T> {}

/// Frees the memory when the capsule dies.
#[expect(unsafe_code)]
unsafe extern "C" fn free<T>(capsule: *mut ffi::PyObject) {
    // SAFETY: called by the interpreter with a capsule made in `Parcel::new`, whose pointer came from `Box::into_raw` and is
    // given back here, once.
    unsafe {
        let at = ffi::PyCapsule_GetPointer(capsule, std::ptr::null()).cast::<T>();
        if !at.is_null() {
            drop(Box::from_raw(at));
        }
    }
}

impl<T: Send + 'static> Parcel<T> {
    /// Moves the value into a capsule.
    pub fn new(py: Python<'_>, value: T) -> PyResult<Self> {
        let at = NonNull::from(Box::leak(Box::new(value)));
        // SAFETY: the pointer is not null, the name is none, and `free` takes back exactly this box. On failure it is taken back
        // here.
        #[expect(unsafe_code)]
        let capsule = unsafe {
            let object = ffi::PyCapsule_New(at.as_ptr().cast(), std::ptr::null(), Some(free::<T>));
            Bound::from_owned_ptr_or_err(py, object).inspect_err(|_| drop(Box::from_raw(at.as_ptr())))?
        };
        Ok(Self { capsule: capsule.cast_into::<PyCapsule>()?.unbind(), at, owns: PhantomData })
    }

    /// The value. Nobody reads it through the capsule meanwhile: that happens only inside calls that [`Self::capsule`] is given to.
    #[inline]
    pub fn get(&mut self) -> &mut T {
        // SAFETY: the box lives as long as the capsule, which `self` holds; `&mut self` makes the access exclusive.
        #[expect(unsafe_code)]
        unsafe {
            self.at.as_mut()
        }
    }

    /// The capsule, to be given to the wheel.
    #[inline]
    pub fn capsule<'a, 'py>(&'a self, py: Python<'py>) -> &'a Bound<'py, PyCapsule> {
        self.capsule.bind(py)
    }
}

/// Copies `out.len()` values out of a wheel-owned `CVec` inside a capsule; answers how long the `CVec` is.
///
/// `enough` is the length from which on the copy stays inside the wheel's memory even if its elements are only half as large as
/// `T`; with less nothing is copied.
pub(super) fn peek<T: Copy>(capsule: &Bound<'_, PyAny>, out: &mut [T], enough: usize) -> PyResult<usize> {
    use pyo3::types::PyCapsuleMethods;

    let vec = capsule.cast::<PyCapsule>()?.pointer_checked(None)?.cast::<super::layout::CVec>();
    // SAFETY: the wheel's `capsule_from_list` wraps a `CVec` of `len` elements that lives as long as the capsule, which is borrowed
    // here. The pointer may lack `T`'s alignment, so bytes are copied; any bit pattern is a valid `T` here (integers only), and the
    // caller compares them before use.
    #[expect(unsafe_code)]
    unsafe {
        let vec = vec.as_ptr().read_unaligned();
        if vec.len >= enough && !vec.ptr.is_null() {
            std::ptr::copy_nonoverlapping(vec.ptr, out.as_mut_ptr().cast::<u8>(), std::mem::size_of_val(out));
        }
        Ok(vec.len)
    }
}
