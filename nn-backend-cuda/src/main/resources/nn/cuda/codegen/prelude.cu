typedef unsigned short bf16;
typedef unsigned char u8;

#define INLINE static __device__ __forceinline__

// n / d by a multiplication, for n below 2^31; m and s come from d.
INLINE unsigned quotient(unsigned n, unsigned d, unsigned m, unsigned s) {
  return d == 1 ? n : __umulhi(n, m) >> s;
}

INLINE float widen(bf16 x) { return __int_as_float((int)((unsigned)x << 16)); }

// To the nearest, ties to even; NaN stays NaN.
INLINE bf16 narrow(float x) {
  unsigned bits = (unsigned)__float_as_int(x);
  return x != x ? 0x7fc0 : (bf16)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

INLINE float load(const float* p) { return *p; }
INLINE float load(const bf16* p) { return widen(*p); }
INLINE int load(const int* p) { return *p; }
INLINE int load(const u8* p) { return *p; }

INLINE void store(float* p, float x) { *p = x; }
INLINE void store(bf16* p, float x) { *p = narrow(x); }
INLINE void store(int* p, int x) { *p = x; }
INLINE void store(u8* p, int x) { *p = (u8)x; }

// What is left of a value after it was stored and loaded again.
INLINE float stored(const float*, float x) { return x; }
INLINE float stored(const bf16*, float x) { return widen(narrow(x)); }
INLINE int stored(const int*, int x) { return x; }
INLINE int stored(const u8*, int x) { return (u8)x; }

INLINE void load4(const float* p, float (&x)[4]) {
  float4 v = *reinterpret_cast<const float4*>(p);
  x[0] = v.x; x[1] = v.y; x[2] = v.z; x[3] = v.w;
}
INLINE void load4(const bf16* p, float (&x)[4]) {
  ushort4 v = *reinterpret_cast<const ushort4*>(p);
  x[0] = widen(v.x); x[1] = widen(v.y); x[2] = widen(v.z); x[3] = widen(v.w);
}
INLINE void load4(const int* p, int (&x)[4]) {
  int4 v = *reinterpret_cast<const int4*>(p);
  x[0] = v.x; x[1] = v.y; x[2] = v.z; x[3] = v.w;
}
INLINE void load4(const u8* p, int (&x)[4]) {
  uchar4 v = *reinterpret_cast<const uchar4*>(p);
  x[0] = v.x; x[1] = v.y; x[2] = v.z; x[3] = v.w;
}

INLINE void store4(float* p, const float (&x)[4]) {
  float4 v;
  v.x = x[0]; v.y = x[1]; v.z = x[2]; v.w = x[3];
  *reinterpret_cast<float4*>(p) = v;
}
INLINE void store4(bf16* p, const float (&x)[4]) {
  ushort4 v;
  v.x = narrow(x[0]); v.y = narrow(x[1]); v.z = narrow(x[2]); v.w = narrow(x[3]);
  *reinterpret_cast<ushort4*>(p) = v;
}
INLINE void store4(int* p, const int (&x)[4]) {
  int4 v;
  v.x = x[0]; v.y = x[1]; v.z = x[2]; v.w = x[3];
  *reinterpret_cast<int4*>(p) = v;
}
INLINE void store4(u8* p, const int (&x)[4]) {
  uchar4 v;
  v.x = (u8)x[0]; v.y = (u8)x[1]; v.z = (u8)x[2]; v.w = (u8)x[3];
  *reinterpret_cast<uchar4*>(p) = v;
}

// fmaxf and fminf drop NaN; these keep it.
INLINE float maximum(float a, float b) { return a > b || a != a ? a : b; }
INLINE float minimum(float a, float b) { return a < b || a != a ? a : b; }
INLINE int maximum(int a, int b) { return a > b ? a : b; }
INLINE int minimum(int a, int b) { return a < b ? a : b; }

INLINE float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

// Toward zero; saturating, and 0 for NaN.
INLINE int truncated(float x) {
  return x != x                ? 0
         : x >= 2147483648.0f  ? 2147483647
         : x < -2147483648.0f ? -2147483647 - 1
                               : (int)x;
}

INLINE int add(int a, int b) { return (int)((unsigned)a + (unsigned)b); }
INLINE int sub(int a, int b) { return (int)((unsigned)a - (unsigned)b); }
INLINE int mul(int a, int b) { return (int)((unsigned)a * (unsigned)b); }
INLINE int shl(int a, int b) { return (int)((unsigned)a << (b & 31)); }
INLINE int ushr(int a, int b) { return (int)((unsigned)a >> (b & 31)); }
