// The emulated card's state. One lock guards it; work is queued and runs as late as the rules of
// CUDA allow, so that a missing wait shows.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "runtime.h"

#define EXPORT extern "C" __attribute__((visibility("default")))
#define SHARED __attribute__((visibility("default")))

namespace emu {

enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_OUT_OF_RESOURCES = 701,
  MISALIGNED_ADDRESS = 716,
  LAUNCH_FAILED = 719,
  CAPTURE_UNSUPPORTED = 900,
  CAPTURE_INVALIDATED = 901,
  CAPTURE_UNMATCHED = 903,
  CAPTURED_EVENT = 907,
  UNKNOWN = 999,
};

using Address = uint64_t;

struct Stream;

// The last use of an allocation by a stream, for finding uses that nothing orders.
struct Use {
  const Stream *stream = nullptr;
  uint64_t order = 0;
};

struct Allocation {
  Address start;
  size_t size;
  bool freed = false;
  Use write, read;
};

// Memory that a piece of work uses.
struct Range {
  Address start;
  size_t size;
  bool write;
};

// Up to where the host has waited for each stream.
using Waits = std::map<const Stream *, uint64_t>;

struct Op {
  std::string what;
  std::vector<Range> ranges;     // checked exactly
  std::vector<Range> allocations;  // whole allocations that a kernel was given
  std::function<void()> run;
  uint64_t order = 0;
  std::shared_ptr<const Waits> waits{};  // when it was queued
};

struct Graph {
  std::vector<Op> ops;
};

struct Stream {
  int number = 0;
  std::vector<Op> queue;
  Waits knows;  // by events
  std::unique_ptr<Graph> capture;
  bool invalidated = false;
};

struct Event {
  bool timed = true;
  bool captured = false;  // recorded in a capture: a place in a graph, which has no time
  Stream *stream = nullptr;
  uint64_t order = 0;
  bool happened = false;
  double time = 0;
};

struct Module;

struct Function {
  Module *module;
  std::string name;
  const NnKernel *kernel;
};

struct Module {
  void *library;
  NnRuntime **runtime;
  char *sharedStart, *sharedEnd;
  std::vector<std::unique_ptr<Function>> functions;
};

struct Counters {
  long allocations, bytes, pinned, streams, events, modules, graphs, executables, handles, programs;
  long launches, graphLaunches, gemms, compilations, copiesIn, copiesOut, synchronizations;
};

struct Faults {
  long allocation, launch, compilation;  // the n-th from now fails; 0: none
  bool lost;
};

struct State {
  std::recursive_mutex lock;
  bool initialized = false;
  int contexts = 0;  // of the primary context
  Result sticky = SUCCESS;
  std::string violations;
  std::string lastViolation;
  Counters counters{};
  Faults faults{};
  size_t total = size_t(4) << 30;
  uint64_t order = 0;
  std::shared_ptr<const Waits> waits = std::make_shared<Waits>();
  std::map<Address, Allocation> memory;
  std::map<Address, size_t> pinned;
  std::set<Stream *> streams;
  std::set<Event *> events;
  std::set<Module *> modules;
  std::set<Graph *> graphs, executables;
};

SHARED State &state();
SHARED bool &hasContext();  // of this thread

// Notes what a card would not tell; the text begins with the name of the rule.
SHARED void violation(const char *format, ...) __attribute__((format(printf, 1, 2)));
// The same in a piece of work: the context is lost, as on a card.
SHARED void fatal(Result code, const char *format, ...) __attribute__((format(printf, 2, 3)));

// What every call begins with: an error that outlasts calls, a lost card, a missing context.
SHARED Result enter(const char *call);
// Queues work, or records it in the stream's capture.
SHARED Result enqueue(Stream *stream, Op op);
// Waits for a stream as the host does. A capture forbids it.
SHARED Result wait(Stream *stream, const char *call);
Result waitForAll(const char *call);
void drain(Stream *stream, uint64_t order);
SHARED Stream *streamOf(void *handle, const char *call);
// Forbids what a capture forbids; true if it was so.
SHARED bool forbidden(const char *what, const char *call);
SHARED bool countDown(long &fault);

// Whether a range is inside one living allocation; a violation says why not.
SHARED bool isValid(Address start, size_t size, const char *what, bool write);
Allocation *find(Address address);
Result allocate(Address *out, size_t size, const char *call);
Result release(Address address, const char *call);
std::string describe(Address address);

// memory.cpp: whether an access is inside living memory, fast.
constexpr Address ARENA = Address(1) << 38;
extern Address arena;
extern uint16_t *shadow;  // of each 256 bytes, how many can be used
inline bool isLive(Address address, size_t size) {
  Address offset = address - arena;
  return offset < ARENA && (offset & 255) + size <= shadow[offset >> 8];
}
inline bool isDevice(Address address) { return address - arena < ARENA; }

// launch.cpp
void runKernel(const Function &function, NnDim3 grid, NnDim3 block, void **parameters);

}  // namespace emu

#define ENTER(name)                                     \
  std::lock_guard<std::recursive_mutex> guard(state().lock); \
  if (Result entered = enter(name)) return entered;
