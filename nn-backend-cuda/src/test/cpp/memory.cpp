// Device memory: every allocation has pages of its own behind unmapped ones, and no address is ever
// used twice, so that whatever touches memory that is not its own is seen.
#include "emulator.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstring>

namespace emu {

constexpr size_t PAGE = 4096;
constexpr int POISON = 0xff;  // NaN as a float, -1 as an index

static void *reserve(size_t size, int protection) {
  void *p = mmap(nullptr, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) {
    perror("emulated CUDA: no address space");
    abort();
  }
  return p;
}

Address arena = (Address)reserve(ARENA, PROT_NONE);
uint16_t *shadow = (uint16_t *)reserve((ARENA >> 8) * sizeof(uint16_t), PROT_READ | PROT_WRITE);
static Address next = arena + PAGE;

static size_t pages(size_t size) { return (size + PAGE - 1) / PAGE * PAGE; }

static void setShadow(const Allocation &a, bool live) {
  uint16_t *first = shadow + ((a.start - arena) >> 8);
  for (size_t i = 0; i * 256 < a.size; i++) {
    first[i] = live ? (uint16_t)std::min<size_t>(256, a.size - i * 256) : 0;
  }
}

Allocation *find(Address address) {
  auto after = state().memory.upper_bound(address);
  if (after == state().memory.begin()) return nullptr;
  Allocation &a = std::prev(after)->second;
  return address < a.start + pages(a.size) + PAGE ? &a : nullptr;
}

std::string describe(Address address) {
  char text[200];
  Allocation *a = find(address);
  if (a == nullptr) {
    snprintf(text, sizeof text, "%#lx, which is no device memory", (unsigned long)address);
  } else {
    snprintf(text, sizeof text, "byte %ld of an allocation of %zu bytes%s",
             (long)(address - a->start), a->size, a->freed ? " that was freed" : "");
  }
  return text;
}

bool isValid(Address start, size_t size, const char *what, bool write) {
  if (size == 0) return true;
  Allocation *a = find(start);
  if (a != nullptr && !a->freed && start + size <= a->start + a->size) return true;
  const char *rule = a != nullptr && a->freed ? "use after free" : "out of bounds";
  fatal(ILLEGAL_ADDRESS, "%s: %s %s %zu bytes at %s", rule, what, write ? "writes" : "reads", size,
        describe(start).c_str());
  return false;
}

Result allocate(Address *out, size_t size, const char *call) {
  State &s = state();
  if (size == 0) return INVALID_VALUE;
  if (forbidden("allocation", call)) return CAPTURE_UNSUPPORTED;
  if (countDown(s.faults.allocation)) return OUT_OF_MEMORY;
  if (size > s.total || (size_t)s.counters.bytes > s.total - size) return OUT_OF_MEMORY;
  Allocation a;
  a.start = next;
  a.size = size;
  next += pages(size) + PAGE;
  if (next > arena + ARENA || mprotect((void *)a.start, pages(size), PROT_READ | PROT_WRITE) != 0) {
    return OUT_OF_MEMORY;
  }
  memset((void *)a.start, POISON, size);
  setShadow(a, true);
  s.memory[a.start] = a;
  s.counters.allocations++;
  s.counters.bytes += (long)size;
  *out = a.start;
  return SUCCESS;
}

Result release(Address address, const char *call) {
  State &s = state();
  auto found = s.memory.find(address);
  if (found == s.memory.end() || found->second.freed) {
    violation("%s: %s of %s", found == s.memory.end() ? "free of no allocation" : "double free",
              call, describe(address).c_str());
    return INVALID_VALUE;
  }
  Allocation &a = found->second;
  a.freed = true;
  setShadow(a, false);
  mprotect((void *)a.start, pages(a.size), PROT_NONE);
  madvise((void *)a.start, pages(a.size), MADV_DONTNEED);
  s.counters.allocations--;
  s.counters.bytes -= (long)a.size;
  return SUCCESS;
}

// Pinned memory that holds the whole range.
static bool isPinned(Address start, size_t size) {
  auto after = state().pinned.upper_bound(start);
  if (after == state().pinned.begin()) return false;
  auto found = std::prev(after);
  return start + size <= found->first + found->second;
}

static Result copyIn(Address to, Address from, size_t size, Stream *stream, const char *call) {
  state().counters.copiesIn++;
  Op op{call, {{to, size, true}}, {}, {}};
  if (isPinned(from, size)) {
    op.run = [=] {
      if (isPinned(from, size)) {
        memcpy((void *)to, (void *)from, size);
      } else {
        fatal(ILLEGAL_ADDRESS, "pinned memory freed in flight: %s", call);
      }
    };
  } else {
    if (stream->capture && forbidden("copy of pageable memory", call)) return CAPTURE_UNSUPPORTED;
    auto staged = std::make_shared<std::string>((const char *)from, size);
    op.run = [=] { memcpy((void *)to, staged->data(), size); };
  }
  return enqueue(stream, std::move(op));
}

static Result copyOut(Address to, Address from, size_t size, Stream *stream, const char *call) {
  state().counters.copiesOut++;
  bool pinned = isPinned(to, size);
  if (!pinned && stream->capture && forbidden("copy to pageable memory", call)) {
    return CAPTURE_UNSUPPORTED;
  }
  Op op{call, {{from, size, false}}, {}, {}};
  op.run = [=] {
    if (!pinned || isPinned(to, size)) {
      memcpy((void *)to, (void *)from, size);
    } else {
      fatal(ILLEGAL_ADDRESS, "pinned memory freed in flight: %s", call);
    }
  };
  Result queued = enqueue(stream, std::move(op));
  // To pageable memory the driver itself waits; a later use by the JVM must find it done.
  return queued != SUCCESS || pinned ? queued : wait(stream, call);
}

static Result copyWithin(Address to, Address from, size_t size, Stream *stream, const char *call) {
  Op op{call, {{from, size, false}, {to, size, true}}, {}, {}};
  op.run = [=] { memmove((void *)to, (void *)from, size); };
  return enqueue(stream, std::move(op));
}

template <class T>
static Result fill(Address to, T value, size_t count, Stream *stream, const char *call) {
  Op op{call, {{to, count * sizeof(T), true}}, {}, {}};
  op.run = [=] {
    for (size_t i = 0; i < count; i++) ((T *)to)[i] = value;
  };
  return enqueue(stream, std::move(op));
}

}  // namespace emu

using namespace emu;

#define STREAM(handle, name)                \
  Stream *stream = streamOf(handle, name);  \
  if (stream == nullptr) return INVALID_HANDLE;

EXPORT int cuMemAlloc_v2(Address *out, size_t size) {
  ENTER("cuMemAlloc")
  return allocate(out, size, "cuMemAlloc");
}

EXPORT int cuMemFree_v2(Address address) {
  ENTER("cuMemFree")
  if (address == 0) return SUCCESS;
  if (forbidden("free", "cuMemFree")) return CAPTURE_UNSUPPORTED;
  if (Result r = waitForAll("cuMemFree")) return r;
  return release(address, "cuMemFree");
}

EXPORT int cuMemAllocAsync(Address *out, size_t size, void *handle) {
  ENTER("cuMemAllocAsync")
  STREAM(handle, "cuMemAllocAsync")
  Result r = allocate(out, size, "cuMemAllocAsync");
  if (r == SUCCESS) find(*out)->write = {stream, ++state().order};
  return r;
}

EXPORT int cuMemFreeAsync(Address address, void *handle) {
  ENTER("cuMemFreeAsync")
  STREAM(handle, "cuMemFreeAsync")
  if (forbidden("free", "cuMemFreeAsync")) return CAPTURE_UNSUPPORTED;
  Op op{"cuMemFreeAsync", {}, {{address, 1, true}}, [=] { release(address, "cuMemFreeAsync"); }};
  return enqueue(stream, std::move(op));
}

EXPORT int cuMemGetInfo_v2(size_t *free, size_t *total) {
  ENTER("cuMemGetInfo")
  *total = state().total;
  *free = state().total - std::min(state().total, (size_t)state().counters.bytes);
  return SUCCESS;
}

static Result pin(void **out, size_t size, const char *call) {
  if (forbidden("allocation", call)) return CAPTURE_UNSUPPORTED;
  if (countDown(state().faults.allocation)) return OUT_OF_MEMORY;
  *out = aligned_alloc(PAGE, pages(size));
  memset(*out, POISON, size);
  state().pinned[(Address)*out] = size;
  state().counters.pinned++;
  return SUCCESS;
}

EXPORT int cuMemAllocHost_v2(void **out, size_t size) {
  ENTER("cuMemAllocHost")
  return pin(out, size, "cuMemAllocHost");
}

EXPORT int cuMemHostAlloc(void **out, size_t size, unsigned) {
  ENTER("cuMemHostAlloc")
  return pin(out, size, "cuMemHostAlloc");
}

EXPORT int cuMemFreeHost(void *p) {
  ENTER("cuMemFreeHost")
  if (forbidden("free", "cuMemFreeHost")) return CAPTURE_UNSUPPORTED;
  if (state().pinned.erase((Address)p) == 0) {
    violation("double free: cuMemFreeHost");
    return INVALID_VALUE;
  }
  state().counters.pinned--;
  free(p);
  return SUCCESS;
}

EXPORT int cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t size, void *handle) {
  ENTER("cuMemcpyHtoDAsync")
  STREAM(handle, "cuMemcpyHtoDAsync")
  return copyIn(to, (Address)from, size, stream, "cuMemcpyHtoDAsync");
}

EXPORT int cuMemcpyDtoHAsync_v2(void *to, Address from, size_t size, void *handle) {
  ENTER("cuMemcpyDtoHAsync")
  STREAM(handle, "cuMemcpyDtoHAsync")
  return copyOut((Address)to, from, size, stream, "cuMemcpyDtoHAsync");
}

EXPORT int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t size, void *handle) {
  ENTER("cuMemcpyDtoDAsync")
  STREAM(handle, "cuMemcpyDtoDAsync")
  return copyWithin(to, from, size, stream, "cuMemcpyDtoDAsync");
}

EXPORT int cuMemsetD8Async(Address to, unsigned char value, size_t count, void *handle) {
  ENTER("cuMemsetD8Async")
  STREAM(handle, "cuMemsetD8Async")
  return fill(to, value, count, stream, "cuMemsetD8Async");
}

EXPORT int cuMemsetD16Async(Address to, unsigned short value, size_t count, void *handle) {
  ENTER("cuMemsetD16Async")
  STREAM(handle, "cuMemsetD16Async")
  if (to % 2 != 0) return INVALID_VALUE;
  return fill(to, value, count, stream, "cuMemsetD16Async");
}

EXPORT int cuMemsetD32Async(Address to, unsigned value, size_t count, void *handle) {
  ENTER("cuMemsetD32Async")
  STREAM(handle, "cuMemsetD32Async")
  if (to % 4 != 0) return INVALID_VALUE;
  return fill(to, value, count, stream, "cuMemsetD32Async");
}

// A copy without a stream is ordered with no stream of ours: the host waits on both sides of it.
static Result blocking(const char *call) {
  if (forbidden("synchronize", call)) return CAPTURE_UNSUPPORTED;
  return waitForAll(call);
}

EXPORT int cuMemcpyHtoD_v2(Address to, const void *from, size_t size) {
  ENTER("cuMemcpyHtoD")
  if (Result r = blocking("cuMemcpyHtoD")) return r;
  if (!isValid(to, size, "cuMemcpyHtoD", true)) return state().sticky;
  memcpy((void *)to, from, size);
  state().counters.copiesIn++;
  return SUCCESS;
}

EXPORT int cuMemcpyDtoH_v2(void *to, Address from, size_t size) {
  ENTER("cuMemcpyDtoH")
  if (Result r = blocking("cuMemcpyDtoH")) return r;
  if (!isValid(from, size, "cuMemcpyDtoH", false)) return state().sticky;
  memcpy(to, (void *)from, size);
  state().counters.copiesOut++;
  return SUCCESS;
}

EXPORT int cuMemPoolTrimTo(void *, size_t) {
  ENTER("cuMemPoolTrimTo")
  return SUCCESS;
}
