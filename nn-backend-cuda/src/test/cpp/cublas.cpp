// Matrix products as cuBLAS takes them: column-major, in double between load and store.
#include <cmath>
#include <cstring>

#include "emulator.h"

using namespace emu;

namespace {

enum Status { OK = 0, NOT_INITIALIZED_ = 1, INVALID = 7, EXECUTION_FAILED = 13, UNSUPPORTED = 15 };
enum Type { R_32F = 0, R_16BF = 14 };
enum Math { DEFAULT_MATH = 0, PEDANTIC_MATH = 2, TF32_MATH = 3 };
enum Compute { COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, FAST_BF16 = 75, FAST_TF32 = 77 };

struct Handle {
  Stream *stream = nullptr;
  Address workspace = 0;
  size_t workspaceSize = 0;
  int math = DEFAULT_MATH;
  bool scalarsOnDevice = false;
};

std::set<Handle *> &handles() {
  static auto *all = new std::set<Handle *>;
  return *all;
}

float fromBf16(uint16_t x) {
  uint32_t bits = (uint32_t)x << 16;
  float f;
  memcpy(&f, &bits, sizeof f);
  return f;
}

uint16_t toBf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x != x) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// What a product of floats in less than their precision makes of one.
enum Rounding { EXACT, TF32, BF16 };

float toTf32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (std::isfinite(x)) bits = (bits + 0xfff + (bits >> 13 & 1)) & ~0x1fffu;
  memcpy(&x, &bits, sizeof x);
  return x;
}

float rounded(float x, Rounding to) {
  return to == EXACT ? x : to == TF32 ? toTf32(x) : fromBf16(toBf16(x));
}

size_t widthOf(int type) { return type == R_16BF ? 2 : 4; }

float load(Address start, size_t i, int type) {
  return type == R_16BF ? fromBf16(((const uint16_t *)start)[i]) : ((const float *)start)[i];
}

struct Matrix {
  Address start;
  int type;
  long ld, rows, columns;  // as stored
  long long stride;

  Range range(int batch, bool write) const {
    size_t last = (size_t)((columns - 1) * ld + rows) + (size_t)(stride * (batch - 1));
    return {start, last * widthOf(type), write};
  }
};

struct Product {
  bool transposeA, transposeB;
  long m, n, k;
  Matrix a, b, c;
  int batch;
  Rounding rounding;
};

// op(A) by rows of length k, so that the inner loop runs along both.
std::vector<float> rowsOf(const Matrix &x, bool transposed, long rows, long k, long long base,
                          Rounding rounding) {
  std::vector<float> out((size_t)(rows * k));
  for (long r = 0; r < rows; r++) {
    for (long i = 0; i < k; i++) {
      size_t at = (size_t)(base + (transposed ? r * x.ld + i : i * x.ld + r));
      float value = load(x.start, at, x.type);
      out[(size_t)(r * k + i)] = rounded(value, rounding);
    }
  }
  return out;
}

double dot(const float *x, const float *y, long k) {
  double sums[8] = {};
  long i = 0;
  for (; i + 8 <= k; i += 8) {
    for (int j = 0; j < 8; j++) sums[j] += (double)x[i + j] * y[i + j];
  }
  for (; i < k; i++) sums[0] += (double)x[i] * y[i];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

void multiply(const Product &p, float alpha, float beta) {
  for (int batch = 0; batch < p.batch; batch++) {
    auto a = rowsOf(p.a, p.transposeA, p.m, p.k, batch * p.a.stride, p.rounding);
    auto b = rowsOf(p.b, !p.transposeB, p.n, p.k, batch * p.b.stride, p.rounding);
    for (long j = 0; j < p.n; j++) {
      for (long i = 0; i < p.m; i++) {
        size_t at = (size_t)(batch * p.c.stride + j * p.c.ld + i);
        double sum = alpha * dot(&a[(size_t)(i * p.k)], &b[(size_t)(j * p.k)], p.k);
        // beta 0 means that C is not read: it may hold NaN.
        if (beta != 0) sum += beta * (double)load(p.c.start, at, p.c.type);
        if (p.c.type == R_16BF) {
          ((uint16_t *)p.c.start)[at] = toBf16((float)sum);
        } else {
          ((float *)p.c.start)[at] = (float)sum;
        }
      }
    }
  }
}

bool overlap(const Range &x, const Range &y) {
  return x.start < y.start + y.size && y.start < x.start + x.size;
}

int enterHandle(Handle *handle, const char *call) {
  if (enter(call) != SUCCESS) return EXECUTION_FAILED;
  if (handles().count(handle) == 0) {
    violation("invalid handle: %s", call);
    return NOT_INITIALIZED_;
  }
  return OK;
}

int submit(Handle *handle, const Product &p, const void *alpha, const void *beta,
           const char *call) {
  const Matrix &a = p.a, &b = p.b, &c = p.c;
  if (p.m < 0 || p.n < 0 || p.k < 0 || p.batch < 0 || a.ld < std::max(1l, a.rows) ||
      b.ld < std::max(1l, b.rows) || c.ld < std::max(1l, c.rows)) {
    violation("invalid product: %s of %ldx%ldx%ld, leading dimensions %ld %ld %ld", call, p.m, p.n,
              p.k, a.ld, b.ld, c.ld);
    return INVALID;
  }
  if (p.m == 0 || p.n == 0 || p.batch == 0) return OK;
  Stream *stream = streamOf(handle->stream, call);
  if (stream == nullptr) return EXECUTION_FAILED;
  if (stream->capture && handle->workspace == 0 && forbidden("cuBLAS without a workspace", call)) {
    return EXECUTION_FAILED;
  }
  if (countDown(state().faults.launch)) return EXECUTION_FAILED;
  Op op{call, {c.range(p.batch, true)}, {}, {}};
  if (p.k > 0) {
    op.ranges.push_back(a.range(p.batch, false));
    op.ranges.push_back(b.range(p.batch, false));
    if (overlap(op.ranges[0], op.ranges[1]) || overlap(op.ranges[0], op.ranges[2])) {
      violation("overlap: %s writes what it reads", call);
      return INVALID;
    }
  }
  for (const Range &range : op.ranges) {
    if (range.start % widthOf(range.start == c.start ? c.type : a.type) != 0) {
      violation("unaligned access: %s", call);
      return INVALID;
    }
  }
  state().counters.gemms++;
  bool onDevice = handle->scalarsOnDevice;
  if (onDevice) {
    op.ranges.push_back({(Address)alpha, 4, false});
    op.ranges.push_back({(Address)beta, 4, false});
    op.run = [=] { multiply(p, *(const float *)alpha, *(const float *)beta); };
  } else {
    float x = *(const float *)alpha, y = *(const float *)beta;
    op.run = [=] { multiply(p, x, y); };
  }
  return enqueue(stream, std::move(op)) == SUCCESS ? OK : EXECUTION_FAILED;
}

Product product(Handle *h, int ta, int tb, long m, long n, long k, const void *a, int atype,
                long lda, long long sa, const void *b, int btype, long ldb, long long sb, void *c,
                int ctype, long ldc, long long sc, int batch, int compute) {
  Product p;
  p.transposeA = ta != 0;
  p.transposeB = tb != 0;
  p.m = m;
  p.n = n;
  p.k = k;
  p.a = {(Address)a, atype, lda, p.transposeA ? k : m, p.transposeA ? m : k, sa};
  p.b = {(Address)b, btype, ldb, p.transposeB ? n : k, p.transposeB ? k : n, sb};
  p.c = {(Address)c, ctype, ldc, m, n, sc};
  p.batch = batch;
  bool may = atype == R_32F && compute != COMPUTE_32F_PEDANTIC;
  p.rounding = may && compute == FAST_BF16                                    ? BF16
               : may && (compute == FAST_TF32 || h->math == TF32_MATH) ? TF32
                                                                       : EXACT;
  return p;
}

bool areKnown(int a, int b, int c, int compute) {
  bool types = (a == R_32F && b == R_32F && c == R_32F) ||
               (a == R_16BF && b == R_16BF && (c == R_16BF || c == R_32F));
  return types && (compute == COMPUTE_32F || compute == COMPUTE_32F_PEDANTIC ||
                   compute == FAST_BF16 || compute == FAST_TF32);
}

}  // namespace

#define HANDLE(name)                                         \
  std::lock_guard<std::recursive_mutex> guard(state().lock); \
  Handle *h = (Handle *)handle;                              \
  if (int entered = enterHandle(h, name)) return entered;

EXPORT int cublasCreate_v2(void **out) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  if (enter("cublasCreate") != SUCCESS) return NOT_INITIALIZED_;
  if (forbidden("allocation", "cublasCreate")) return 3;
  if (countDown(state().faults.allocation)) return 3;
  Handle *handle = new Handle;
  handles().insert(handle);
  state().counters.handles++;
  *out = handle;
  return OK;
}

EXPORT int cublasDestroy_v2(void *handle) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  if (handles().erase((Handle *)handle) == 0) {
    violation("invalid handle: cublasDestroy");
    return NOT_INITIALIZED_;
  }
  state().counters.handles--;
  delete (Handle *)handle;
  return OK;
}

// A new stream takes cuBLAS back to its own workspace: so the workspace is set after the stream.
EXPORT int cublasSetStream_v2(void *handle, void *stream) {
  HANDLE("cublasSetStream")
  h->stream = (Stream *)stream;
  h->workspace = 0;
  return OK;
}

EXPORT int cublasGetStream_v2(void *handle, void **stream) {
  HANDLE("cublasGetStream")
  *stream = h->stream;
  return OK;
}

EXPORT int cublasSetWorkspace_v2(void *handle, void *workspace, size_t size) {
  HANDLE("cublasSetWorkspace")
  if ((Address)workspace % 256 != 0) return INVALID;
  if (!isValid((Address)workspace, size, "cublasSetWorkspace", true)) return INVALID;
  h->workspace = (Address)workspace;
  h->workspaceSize = size;
  return OK;
}

EXPORT int cublasSetMathMode(void *handle, int mode) {
  HANDLE("cublasSetMathMode")
  h->math = mode & 0xf;
  return OK;
}

EXPORT int cublasGetMathMode(void *handle, int *mode) {
  HANDLE("cublasGetMathMode")
  *mode = h->math;
  return OK;
}

EXPORT int cublasSetPointerMode_v2(void *handle, int mode) {
  HANDLE("cublasSetPointerMode")
  h->scalarsOnDevice = mode == 1;
  return OK;
}

EXPORT int cublasSetAtomicsMode(void *handle, int mode) {
  HANDLE("cublasSetAtomicsMode")
  return mode == 0 ? OK : UNSUPPORTED;
}

EXPORT int cublasGetVersion_v2(void *, int *version) {
  *version = 120603;
  return OK;
}

EXPORT const char *cublasGetStatusName(int status) {
  return status == OK ? "CUBLAS_STATUS_SUCCESS" : "CUBLAS_STATUS_EXECUTION_FAILED";
}

EXPORT const char *cublasGetStatusString(int status) {
  static thread_local std::string text;
  text = status == OK ? "success" : "the function failed";
  if (status != OK && !state().lastViolation.empty()) text += " [" + state().lastViolation + "]";
  return text.c_str();
}

EXPORT int cublasSgemm_v2(void *handle, int ta, int tb, int m, int n, int k, const float *alpha,
                          const void *a, int lda, const void *b, int ldb, const float *beta,
                          void *c, int ldc) {
  HANDLE("cublasSgemm")
  return submit(h, product(h, ta, tb, m, n, k, a, R_32F, lda, 0, b, R_32F, ldb, 0, c, R_32F, ldc,
                           0, 1, COMPUTE_32F),
                alpha, beta, "cublasSgemm");
}

EXPORT int cublasSgemmStridedBatched(void *handle, int ta, int tb, int m, int n, int k,
                                     const float *alpha, const void *a, int lda, long long sa,
                                     const void *b, int ldb, long long sb, const float *beta,
                                     void *c, int ldc, long long sc, int batch) {
  HANDLE("cublasSgemmStridedBatched")
  return submit(h, product(h, ta, tb, m, n, k, a, R_32F, lda, sa, b, R_32F, ldb, sb, c, R_32F, ldc,
                           sc, batch, COMPUTE_32F),
                alpha, beta, "cublasSgemmStridedBatched");
}

EXPORT int cublasGemmEx(void *handle, int ta, int tb, int m, int n, int k, const void *alpha,
                        const void *a, int atype, int lda, const void *b, int btype, int ldb,
                        const void *beta, void *c, int ctype, int ldc, int compute, int) {
  HANDLE("cublasGemmEx")
  if (!areKnown(atype, btype, ctype, compute)) return UNSUPPORTED;
  return submit(h, product(h, ta, tb, m, n, k, a, atype, lda, 0, b, btype, ldb, 0, c, ctype, ldc,
                           0, 1, compute),
                alpha, beta, "cublasGemmEx");
}

EXPORT int cublasGemmStridedBatchedEx(void *handle, int ta, int tb, int m, int n, int k,
                                      const void *alpha, const void *a, int atype, int lda,
                                      long long sa, const void *b, int btype, int ldb,
                                      long long sb, const void *beta, void *c, int ctype, int ldc,
                                      long long sc, int batch, int compute, int) {
  HANDLE("cublasGemmStridedBatchedEx")
  if (!areKnown(atype, btype, ctype, compute)) return UNSUPPORTED;
  return submit(h, product(h, ta, tb, m, n, k, a, atype, lda, sa, b, btype, ldb, sb, c, ctype, ldc,
                           sc, batch, compute),
                alpha, beta, "cublasGemmStridedBatchedEx");
}
