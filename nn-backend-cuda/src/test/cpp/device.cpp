// The device, its primary context and modules.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "emulator.h"

using namespace emu;

constexpr int VERSION = 12060;
constexpr int CAPABILITY_MAJOR = 8, CAPABILITY_MINOR = 6;
static int context;  // its address is the primary context's handle

// Calls that need no context.
#define ENTER_DEVICE                                         \
  std::lock_guard<std::recursive_mutex> guard(state().lock); \
  if (!state().initialized) return NOT_INITIALIZED;

EXPORT int cuInit(unsigned flags) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  if (state().faults.lost) return UNKNOWN;
  state().initialized = true;
  return flags == 0 ? SUCCESS : INVALID_VALUE;
}

EXPORT int cuDriverGetVersion(int *version) {
  *version = VERSION;
  return SUCCESS;
}

EXPORT int cuDeviceGetCount(int *count) {
  ENTER_DEVICE
  *count = 1;
  return SUCCESS;
}

EXPORT int cuDeviceGet(int *device, int ordinal) {
  ENTER_DEVICE
  *device = 0;
  return ordinal == 0 ? SUCCESS : INVALID_DEVICE;
}

EXPORT int cuDeviceGetName(char *name, int length, int device) {
  ENTER_DEVICE
  if (device != 0) return INVALID_DEVICE;
  strncpy(name, "Emulated NVIDIA GPU", (size_t)length);
  return SUCCESS;
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  ENTER_DEVICE
  *bytes = state().total;
  return device == 0 ? SUCCESS : INVALID_DEVICE;
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device) {
  ENTER_DEVICE
  if (device != 0) return INVALID_DEVICE;
  static const std::map<int, int> values = {
      {1, 1024},        // threads of a block
      {2, 1024},        {3, 1024}, {4, 64},            // its extents
      {5, 2147483647},  {6, 65535}, {7, 65535},        // a grid's extents
      {8, 48 << 10},    // shared memory of a block
      {9, 64 << 10},    // constant memory
      {10, 32},         // a warp
      {12, 65536},      // registers of a block
      {13, 1000000},    // clock, kHz
      {15, 0},          // overlaps copies
      {16, 2},          // multiprocessors
      {17, 0},          // no limit of time
      {18, 0},          // not integrated
      {36, 1000000},    // memory clock, kHz
      {37, 128},        // width of its bus
      {38, 1 << 20},    // cache
      {39, 1536},       // threads of a multiprocessor
      {41, 1},          // one address space
      {75, CAPABILITY_MAJOR},
      {76, CAPABILITY_MINOR},
      {81, 100 << 10},  // shared memory of a multiprocessor
      {82, 65536},      // its registers
      {97, 48 << 10},   // shared memory by choice
      {106, 16},        // blocks of a multiprocessor
      {115, 1},         // memory pools
  };
  auto found = values.find(attribute);
  if (found == values.end()) return INVALID_VALUE;
  *value = found->second;
  return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRetain(void **out, int device) {
  ENTER_DEVICE
  if (device != 0) return INVALID_DEVICE;
  if (state().faults.lost) return UNKNOWN;
  state().contexts++;
  *out = &context;
  return SUCCESS;
}

// The last release destroys the context; what lives then is a leak.
EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
  ENTER_DEVICE
  State &s = state();
  if (device != 0 || s.contexts == 0) {
    violation("release of a context that is not held");
    return INVALID_CONTEXT;
  }
  if (--s.contexts > 0) return SUCCESS;
  long objects = (long)(s.streams.size() + s.events.size() + s.modules.size() + s.graphs.size() +
                        s.executables.size());
  if (s.counters.allocations > 0 || s.counters.pinned > 0 || objects > 0) {
    violation("leak: %ld allocations (%ld bytes), %ld pinned, %zu streams, %zu events, %zu modules, "
              "%zu graphs and %zu executables outlive the context",
              s.counters.allocations, s.counters.bytes, s.counters.pinned, s.streams.size(),
              s.events.size(), s.modules.size(), s.graphs.size(), s.executables.size());
  }
  if (!s.faults.lost) s.sticky = SUCCESS;
  return SUCCESS;
}

static thread_local std::vector<bool> pushed;

static Result setCurrent(void *handle, const char *call) {
  if (handle != nullptr && (handle != &context || state().contexts == 0)) {
    violation("invalid handle: %s", call);
    return INVALID_CONTEXT;
  }
  hasContext() = handle != nullptr;
  return SUCCESS;
}

EXPORT int cuCtxSetCurrent(void *handle) {
  ENTER_DEVICE
  return setCurrent(handle, "cuCtxSetCurrent");
}

EXPORT int cuCtxGetCurrent(void **handle) {
  ENTER_DEVICE
  *handle = hasContext() ? &context : nullptr;
  return SUCCESS;
}

EXPORT int cuCtxPushCurrent_v2(void *handle) {
  ENTER_DEVICE
  pushed.push_back(hasContext());
  return setCurrent(handle, "cuCtxPushCurrent");
}

EXPORT int cuCtxPopCurrent_v2(void **handle) {
  ENTER_DEVICE
  if (pushed.empty()) return INVALID_CONTEXT;
  if (handle != nullptr) *handle = hasContext() ? &context : nullptr;
  hasContext() = pushed.back();
  pushed.pop_back();
  return SUCCESS;
}

EXPORT int cuCtxGetDevice(int *device) {
  ENTER("cuCtxGetDevice")
  *device = 0;
  return SUCCESS;
}

EXPORT int cuCtxGetStreamPriorityRange(int *least, int *greatest) {
  ENTER("cuCtxGetStreamPriorityRange")
  *least = *greatest = 0;
  return SUCCESS;
}

// An image is a shared library, as the emulated NVRTC makes it; where it ends its header tells.
static size_t sizeOf(const unsigned char *image) {
  if (memcmp(image, "\177ELF", 4) != 0) return 0;
  uint64_t sections;
  uint16_t size, count;
  memcpy(&sections, image + 40, sizeof sections);
  memcpy(&size, image + 58, sizeof size);
  memcpy(&count, image + 60, sizeof count);
  return sections + (size_t)size * count;
}

// The loader takes a path that it has seen for the library that it knows: each has a path of its own.
static void *openImage(const void *image, size_t size) {
  char path[] = P_tmpdir "/nn-kernel-XXXXXX";
  int file = mkstemp(path);
  if (file < 0) return nullptr;
  bool written = write(file, image, size) == (ssize_t)size;
  close(file);
  void *library = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
  unlink(path);
  return library;
}

static Result load(void **out, const void *image) {
  size_t size = sizeOf((const unsigned char *)image);
  void *library = size == 0 ? nullptr : openImage(image, size);
  if (library == nullptr) return INVALID_IMAGE;
  char **shared = (char **)dlsym(library, "nn_shared_bounds");
  NnRuntime **runtime = (NnRuntime **)dlsym(library, "nn_runtime");
  if (shared == nullptr || runtime == nullptr) return INVALID_IMAGE;
  Module *module = new Module{library, runtime, shared[0], shared[1], {}};
  state().modules.insert(module);
  *out = module;
  return SUCCESS;
}

EXPORT int cuModuleLoadData(void **out, const void *image) {
  ENTER("cuModuleLoadData")
  if (forbidden("loading of a module", "cuModuleLoadData")) return CAPTURE_UNSUPPORTED;
  return load(out, image);
}

EXPORT int cuModuleLoadDataEx(void **out, const void *image, unsigned, int *, void **) {
  ENTER("cuModuleLoadDataEx")
  if (forbidden("loading of a module", "cuModuleLoadDataEx")) return CAPTURE_UNSUPPORTED;
  return load(out, image);
}

EXPORT int cuModuleUnload(void *handle) {
  ENTER("cuModuleUnload")
  Module *module = (Module *)handle;
  if (state().modules.count(module) == 0) {
    violation("invalid handle: cuModuleUnload");
    return INVALID_HANDLE;
  }
  if (Result r = waitForAll("cuModuleUnload")) return r;
  state().modules.erase(module);
  dlclose(module->library);
  delete module;
  return SUCCESS;
}

EXPORT int cuModuleGetFunction(void **out, void *handle, const char *name) {
  ENTER("cuModuleGetFunction")
  Module *module = (Module *)handle;
  if (state().modules.count(module) == 0) {
    violation("invalid handle: cuModuleGetFunction");
    return INVALID_HANDLE;
  }
  std::string entry = std::string("nn_kernel_") + name;
  const NnKernel *kernel = (const NnKernel *)dlsym(module->library, entry.c_str());
  if (kernel == nullptr) return NOT_FOUND;
  module->functions.push_back(std::make_unique<Function>(Function{module, name, kernel}));
  *out = module->functions.back().get();
  return SUCCESS;
}

EXPORT int cuFuncGetAttribute(int *value, int attribute, void *handle) {
  ENTER("cuFuncGetAttribute")
  const Function *f = (const Function *)handle;
  switch (attribute) {
    case 0:
      *value = f->kernel->maxThreads > 0 ? f->kernel->maxThreads : 1024;
      return SUCCESS;
    case 1:
      *value = (int)(f->module->sharedEnd - f->module->sharedStart);
      return SUCCESS;
    case 2:
    case 3:
      *value = 0;
      return SUCCESS;
    case 4:
      *value = 32;
      return SUCCESS;
    default:
      return INVALID_VALUE;
  }
}

EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, void *, int threads, size_t) {
  ENTER("cuOccupancyMaxActiveBlocksPerMultiprocessor")
  *blocks = std::max(1, std::min(16, 1536 / threads));
  return SUCCESS;
}

struct Word {
  int code;
  const char *name, *text;
};

static const Word WORDS[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
     "too many resources requested for launch"},
    {MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {CAPTURE_UNMATCHED, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED", "no capture has begun"},
    {UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

EXPORT int cuGetErrorName(int code, const char **name) {
  for (const Word &word : WORDS) {
    if (word.code == code) {
      *name = word.name;
      return SUCCESS;
    }
  }
  *name = nullptr;
  return INVALID_VALUE;
}

// The emulator says what it saw, for whoever reads the message of a failed test.
EXPORT int cuGetErrorString(int code, const char **text) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  for (const Word &word : WORDS) {
    if (word.code == code) {
      static thread_local std::string full;
      full = word.text;
      if (!state().lastViolation.empty()) full += " [" + state().lastViolation + "]";
      *text = full.c_str();
      return SUCCESS;
    }
  }
  *text = nullptr;
  return INVALID_VALUE;
}
