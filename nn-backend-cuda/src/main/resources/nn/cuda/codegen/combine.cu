// A value and its number among those that argmax chooses from.
struct Candidate {
  float value;
  int number;
};

INLINE float sum(float a, float b) { return a + b; }
INLINE Candidate best(Candidate a, Candidate b) {
  bool aNaN = a.value != a.value;
  bool bNaN = b.value != b.value;
  bool level = aNaN ? bNaN : a.value == b.value;
  bool first = level ? a.number < b.number : aNaN || a.value > b.value;
  return first ? a : b;
}

INLINE float exchange(float x, int distance) { return __shfl_xor_sync(0xffffffffu, x, distance); }
INLINE Candidate exchange(Candidate x, int distance) {
  Candidate other;
  other.value = __shfl_xor_sync(0xffffffffu, x.value, distance);
  other.number = __shfl_xor_sync(0xffffffffu, x.number, distance);
  return other;
}

// Combines over threadIdx.x, a power of two of threads; all of them get the same bits. Beyond a warp
// the block has one row of threads, whose warps meet in shared memory.
template <typename T, T combine(T, T)>
INLINE T across(T x, T* parts) {
  int threads = (int)blockDim.x;
  for (int d = threads < 32 ? threads / 2 : 16; d > 0; d /= 2) {
    x = combine(x, exchange(x, d));
  }
  if (threads > 32) {
    __syncthreads();
    if (threadIdx.x % 32 == 0) {
      parts[threadIdx.x / 32] = x;
    }
    __syncthreads();
    x = parts[threadIdx.x % (threads / 32)];
    for (int d = threads / 64; d > 0; d /= 2) {
      x = combine(x, exchange(x, d));
    }
  }
  return x;
}
