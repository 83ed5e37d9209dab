// CUDA C's vocabulary for a host compiler. Every memory access of a kernel is reported to the
// emulated driver: the compiler's thread sanitizer puts the calls in, its runtime is not used.
#include "runtime.h"

extern "C" __attribute__((visibility("default"))) NnRuntime *nn_runtime;
NnRuntime *nn_runtime;
extern "C" __attribute__((visibility("default"))) char *nn_shared_bounds[2];
extern "C" char __start_nnshared[] __attribute__((weak, visibility("hidden")));
extern "C" char __stop_nnshared[] __attribute__((weak, visibility("hidden")));
char *nn_shared_bounds[2] = {__start_nnshared, __stop_nnshared};

#define NN_HOOK extern "C" __attribute__((visibility("hidden"), no_sanitize("thread", "alignment")))

#define NN_ACCESS(size)                                                                    \
  NN_HOOK void __tsan_read##size(void *p) { nn_runtime->access(p, size, 0); }              \
  NN_HOOK void __tsan_write##size(void *p) { nn_runtime->access(p, size, 1); }             \
  NN_HOOK void __tsan_unaligned_read##size(void *p) { nn_runtime->access(p, size, 0); }    \
  NN_HOOK void __tsan_unaligned_write##size(void *p) { nn_runtime->access(p, size, 1); }
NN_ACCESS(1)
NN_ACCESS(2)
NN_ACCESS(4)
NN_ACCESS(8)
NN_ACCESS(16)
NN_HOOK void __tsan_read_range(void *p, unsigned long n) { nn_runtime->access(p, n, 0); }
NN_HOOK void __tsan_write_range(void *p, unsigned long n) { nn_runtime->access(p, n, 1); }
NN_HOOK void __tsan_init() {}
// Entries and exits are not asked for by every compiler.
NN_HOOK void __tsan_func_entry(void *) {}
NN_HOOK void __tsan_func_exit(void *) {}

struct NnTypeMismatch {
  const char *file;
  unsigned line, column;
  const void *type;
  unsigned char logAlignment, kind;
};
NN_HOOK void __ubsan_handle_type_mismatch_v1(NnTypeMismatch *what, void *p) {
  nn_runtime->unaligned(p, 1ul << what->logAlignment);
}

#define __global__ __attribute__((visibility("default")))
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __shared__ static __attribute__((section("nnshared")))
#define __launch_bounds__(...)
#define __restrict__ __restrict
#define __align__(n) alignas(n)
#define __syncthreads() nn_runtime->barrier()
#define __syncwarp(...) ((void)nn_runtime->shuffle(~0u, 0, 0, NN_SHUFFLE_XOR))

#define threadIdx (nn_runtime->self->threadIdx)
#define blockIdx (nn_runtime->self->blockIdx)
#define blockDim (nn_runtime->self->blockDim)
#define gridDim (nn_runtime->self->gridDim)
#define warpSize 32

typedef unsigned long size_t;

#define NN_VECTOR(type, name, align2, align4)                                                 \
  struct alignas(align2) name##2 { type x, y; };                                              \
  struct name##3 { type x, y, z; };                                                           \
  struct alignas(align4) name##4 { type x, y, z, w; };                                        \
  static inline name##2 make_##name##2(type x, type y) { return {x, y}; }                     \
  static inline name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; }          \
  static inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
NN_VECTOR(signed char, char, 2, 4)
NN_VECTOR(unsigned char, uchar, 2, 4)
NN_VECTOR(short, short, 4, 8)
NN_VECTOR(unsigned short, ushort, 4, 8)
NN_VECTOR(int, int, 8, 16)
NN_VECTOR(unsigned, uint, 8, 16)
NN_VECTOR(float, float, 8, 16)
NN_VECTOR(double, double, 16, 16)
NN_VECTOR(long long, longlong, 16, 16)
NN_VECTOR(unsigned long long, ulonglong, 16, 16)

template <class To, class From>
static inline To nn_bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}
static inline int __float_as_int(float x) { return nn_bits<int>(x); }
static inline unsigned __float_as_uint(float x) { return nn_bits<unsigned>(x); }
static inline float __int_as_float(int x) { return nn_bits<float>(x); }
static inline float __uint_as_float(unsigned x) { return nn_bits<float>(x); }
static inline unsigned __umulhi(unsigned a, unsigned b) {
  return (unsigned)((unsigned long long)a * b >> 32);
}
static inline int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)((unsigned __int128)a * b >> 64);
}
static inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned)x); }
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
template <class T>
static inline T __ldg(const T *p) { return *p; }

// On a card a conversion saturates and gives 0 for NaN; a host's cast does not.
template <class To>
static inline To nn_saturate(float x, float low, float high, To lowest, To highest) {
  return x != x ? (To)0 : x <= low ? lowest : x >= high ? highest : (To)x;
}
static inline int __float2int_rz(float x) {
  return nn_saturate<int>(x, -2147483648.f, 2147483648.f, -2147483647 - 1, 2147483647);
}
static inline unsigned __float2uint_rz(float x) {
  return nn_saturate<unsigned>(x, 0.f, 4294967296.f, 0u, 4294967295u);
}
static inline int __float2int_rn(float x) { return __float2int_rz(__builtin_nearbyintf(x)); }
static inline unsigned __float2uint_rn(float x) { return __float2uint_rz(__builtin_nearbyintf(x)); }
static inline float __int2float_rn(int x) { return (float)x; }
static inline float __uint2float_rn(unsigned x) { return (float)x; }

static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __frcp_rn(float a) { return 1.f / a; }
static inline float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
static inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline float rsqrtf(float a) { return (float)(1. / __builtin_sqrt((double)a)); }
static inline float __saturatef(float a) { return a < 0.f || a != a ? 0.f : a > 1.f ? 1.f : a; }

#define NN_UNARY(name) \
  static inline float name##f(float x) { return __builtin_##name##f(x); }
#define NN_BINARY(name) \
  static inline float name##f(float x, float y) { return __builtin_##name##f(x, y); }
NN_UNARY(exp) NN_UNARY(exp2) NN_UNARY(expm1) NN_UNARY(log) NN_UNARY(log2) NN_UNARY(log1p)
NN_UNARY(sin) NN_UNARY(cos) NN_UNARY(tan) NN_UNARY(tanh) NN_UNARY(sqrt) NN_UNARY(fabs)
NN_UNARY(floor) NN_UNARY(ceil) NN_UNARY(trunc) NN_UNARY(rint) NN_UNARY(nearbyint) NN_UNARY(round)
NN_UNARY(erf) NN_BINARY(fmin) NN_BINARY(fmax) NN_BINARY(fmod) NN_BINARY(pow) NN_BINARY(copysign)
static inline float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline float ldexpf(float x, int n) { return __builtin_ldexpf(x, n); }
template <class T>
static inline bool isnan(T x) { return x != x; }
template <class T>
static inline bool isinf(T x) { return __builtin_isinf(x); }
template <class T>
static inline bool isfinite(T x) { return __builtin_isfinite(x); }
static inline bool signbit(float x) { return __builtin_signbit(x); }
template <class T>
static inline T min(T a, T b) { return b < a ? b : a; }
template <class T>
static inline T max(T a, T b) { return a < b ? b : a; }
static inline int abs(int x) { return x < 0 ? -x : x; }

template <class T>
static inline T nn_shuffle(unsigned mask, T value, unsigned argument, int kind) {
  static_assert(sizeof(T) == 4, "only 32-bit values are shuffled");
  return nn_bits<T>(nn_runtime->shuffle(mask, nn_bits<unsigned>(value), argument, kind));
}
template <class T>
static inline T __shfl_sync(unsigned mask, T value, int lane) {
  return nn_shuffle(mask, value, (unsigned)lane, NN_SHUFFLE_INDEX);
}
template <class T>
static inline T __shfl_up_sync(unsigned mask, T value, unsigned delta) {
  return nn_shuffle(mask, value, delta, NN_SHUFFLE_UP);
}
template <class T>
static inline T __shfl_down_sync(unsigned mask, T value, unsigned delta) {
  return nn_shuffle(mask, value, delta, NN_SHUFFLE_DOWN);
}
template <class T>
static inline T __shfl_xor_sync(unsigned mask, T value, int lanes) {
  return nn_shuffle(mask, value, (unsigned)lanes, NN_SHUFFLE_XOR);
}

// Entries: nvrtc.cpp adds NN_ENTRY(name, ...) for each kernel of the source.
template <class T>
struct NnPointer {
  static constexpr bool is = false, writes = false;
};
template <class T>
struct NnPointer<T *> {
  static constexpr bool is = true, writes = true;
};
template <class T>
struct NnPointer<const T *> {
  static constexpr bool is = true, writes = false;
};
template <class T>
struct NnPointer<T *__restrict> : NnPointer<T *> {};
template <class T>
struct NnPlain {
  typedef T type;
};
template <class T>
struct NnPlain<T *__restrict> {
  typedef T *type;
};
template <int... I>
struct NnIndices {};
template <int N, int... I>
struct NnUpTo : NnUpTo<N - 1, N - 1, I...> {};
template <int... I>
struct NnUpTo<0, I...> {
  typedef NnIndices<I...> type;
};

template <class... A>
struct NnSignature {
  static constexpr unsigned short sizes[] = {sizeof(A)..., 0};
  template <bool... B>
  static constexpr unsigned long long bits() {
    unsigned long long all = 0, bit = 1;
    ((all |= B ? bit : 0, bit <<= 1), ...);
    return all;
  }
  template <void (*kernel)(A...), int... I>
  __attribute__((no_sanitize("thread", "alignment"))) static void call(
      void **parameters, NnIndices<I...>) {
    kernel(*(typename NnPlain<A>::type *)parameters[I]...);
  }
  template <void (*kernel)(A...)>
  __attribute__((no_sanitize("thread", "alignment"))) static void call(void **parameters) {
    call<kernel>(parameters, typename NnUpTo<sizeof...(A)>::type());
  }
};
template <class... A>
static NnSignature<A...> nn_signature(void (*)(A...));

#define NN_ENTRY(name, cooperates, maxThreads)                                           \
  extern "C" __attribute__((visibility("default"))) const NnKernel nn_kernel_##name;     \
  const NnKernel nn_kernel_##name = nn_entry<&name>(                                     \
      decltype(nn_signature(&name))(), cooperates, maxThreads);
template <auto kernel, class... A>
static constexpr NnKernel nn_entry(NnSignature<A...>, int cooperates, int maxThreads) {
  typedef NnSignature<A...> S;
  return {&S::template call<kernel>,
          sizeof...(A),
          S::sizes,
          S::template bits<NnPointer<A>::is...>(),
          S::template bits<NnPointer<A>::writes...>(),
          cooperates,
          maxThreads};
}
