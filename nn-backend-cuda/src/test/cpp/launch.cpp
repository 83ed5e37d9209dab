// Runs a kernel's blocks one after the other. Where threads meet, in barriers and shuffles, each is
// a fiber; else a plain loop runs them.
#include <sys/mman.h>

#include <csetjmp>
#include <cstring>

#include "emulator.h"

namespace emu {
namespace {

constexpr size_t STACK = 64 << 10;
constexpr int WARP = 32;
constexpr int MOST_THREADS = 1024;

enum class Status { READY, BARRIER, SHUFFLE, DONE };

struct Fiber {
  void *sp;
  Status status;
  NnThread thread;
  unsigned value, argument;
  int kind;
};

// Who touched four bytes of shared memory since the block's last barrier.
struct Touch {
  unsigned barrier;
  short writer, reader;
};
constexpr short NOBODY = -1, SEVERAL = -2;

struct Running {
  const Function *function;
  void **parameters;
  NnRuntime runtime;
  Fiber fibers[MOST_THREADS];
  int threads;
  int current;
  void *scheduler;
  jmp_buf abort;
  bool aborted;
  unsigned barriers;
  std::vector<Touch> shared;
};

Running &running() {
  static Running *one = new Running;
  return *one;
}

char *stacks() {
  static char *all = (char *)mmap(nullptr, STACK * MOST_THREADS, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return all;
}

}  // namespace

// Saves the registers that a call preserves, and goes on with another stack.
extern "C" void nnSwitch(void **save, void *load);
asm(R"(
.text
.type nnSwitch,@function
nnSwitch:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
.size nnSwitch,.-nnSwitch
)");

namespace {

std::string place() {
  const NnThread &t = *running().runtime.self;
  char text[300];
  snprintf(text, sizeof text, "kernel %s, thread (%u,%u,%u) of block (%u,%u,%u)",
           running().function->name.c_str(), t.threadIdx.x, t.threadIdx.y, t.threadIdx.z,
           t.blockIdx.x, t.blockIdx.y, t.blockIdx.z);
  return text;
}

bool cooperates() { return running().function->kernel->cooperates; }

// Leaves the kernel for good.
[[noreturn]] void stop() {
  Running &r = running();
  r.aborted = true;
  if (!cooperates()) longjmp(r.abort, 1);
  void *dead;
  nnSwitch(&dead, r.scheduler);
  __builtin_unreachable();
}

void yield(Status status) {
  Running &r = running();
  Fiber &fiber = r.fibers[r.current];
  fiber.status = status;
  nnSwitch(&fiber.sp, r.scheduler);
}

bool isStack(Address address) {
  Address here = (Address)__builtin_frame_address(0);
  Address low = cooperates() ? (Address)stacks() : here;
  Address size = cooperates() ? STACK * MOST_THREADS : 1 << 20;
  return address - low < size;
}

// Two threads of a block that touch the same bytes without a barrier between, one of them writing.
void touchShared(size_t offset, size_t size, bool write) {
  Running &r = running();
  short me = (short)r.current;
  for (size_t word = offset / 4; word <= (offset + size - 1) / 4; word++) {
    Touch &t = r.shared[word];
    if (t.barrier != r.barriers) t = {r.barriers, NOBODY, NOBODY};
    bool race = (t.writer != NOBODY && t.writer != me) ||
                (write && t.reader != NOBODY && t.reader != me);
    if (race) {
      fatal(LAUNCH_FAILED, "race in shared memory: %s and thread %d, byte %zu", place().c_str(),
            t.writer != NOBODY && t.writer != me ? t.writer : t.reader, word * 4);
      stop();
    }
    if (write) {
      t.writer = me;
    } else {
      t.reader = t.reader == NOBODY || t.reader == me ? me : SEVERAL;
    }
  }
}

void access(const void *pointer, unsigned long size, int write) {
  Address address = (Address)pointer;
  if (isLive(address, size)) return;
  const Module &module = *running().function->module;
  if (pointer >= module.sharedStart && (char *)pointer + size <= module.sharedEnd) {
    if (cooperates()) touchShared((size_t)((char *)pointer - module.sharedStart), size, write);
    return;
  }
  if (!isDevice(address) && (isStack(address) || pointer == (void *)module.runtime ||
                             pointer == (void *)&running().runtime.self ||
                             address - (Address)running().runtime.self < sizeof(NnThread) ||
                             address - (Address)&running().runtime < sizeof(NnRuntime))) {
    return;
  }
  if (size > 16 && isValid(address, size, place().c_str(), write)) return;
  Allocation *a = find(address);
  fatal(ILLEGAL_ADDRESS, "%s: %s %s %lu bytes at %s",
        a != nullptr && a->freed ? "use after free" : "out of bounds", place().c_str(),
        write ? "writes" : "reads", size, describe(address).c_str());
  stop();
}

void unaligned(const void *pointer, unsigned long alignment) {
  if ((Address)pointer % alignment == 0) return;  // called for a null pointer too
  fatal(MISALIGNED_ADDRESS, "unaligned access: %s wants a multiple of %lu at %s", place().c_str(),
        alignment, describe((Address)pointer).c_str());
  stop();
}

void barrier() { yield(Status::BARRIER); }

unsigned shuffle(unsigned mask, unsigned value, unsigned argument, int kind) {
  Fiber &fiber = running().fibers[running().current];
  if (mask != ~0u) {
    fatal(LAUNCH_FAILED, "partial mask of a shuffle: %s", place().c_str());
    stop();
  }
  fiber.value = value;
  fiber.argument = argument;
  fiber.kind = kind;
  yield(Status::SHUFFLE);
  return fiber.value;
}

void fiberMain() {
  Running &r = running();
  r.function->kernel->call(r.parameters);
  yield(Status::DONE);
  __builtin_unreachable();
}

void prepare(Fiber &fiber, int i) {
  void **top = (void **)(stacks() + STACK * (size_t)(i + 1));
  *--top = nullptr;             // keeps the stack as a call leaves it
  *--top = (void *)&fiberMain;  // where the switch returns to
  top -= 6;
  fiber.sp = top;
  fiber.status = Status::READY;
}

int source(const Fiber &fiber, int lane) {
  switch (fiber.kind) {
    case NN_SHUFFLE_INDEX:
      return (int)(fiber.argument % WARP);
    case NN_SHUFFLE_UP:
      return lane - (int)fiber.argument < 0 ? lane : lane - (int)fiber.argument;
    case NN_SHUFFLE_DOWN:
      return lane + (int)fiber.argument >= WARP ? lane : lane + (int)fiber.argument;
    default:
      return (lane ^ (int)fiber.argument) % WARP;
  }
}

// Exchanges a warp's values if all its threads have come; false if they never can.
bool exchange(int first) {
  Running &r = running();
  int waiting = 0, done = 0;
  for (int i = first; i < first + WARP && i < r.threads; i++) {
    waiting += r.fibers[i].status == Status::SHUFFLE;
    done += r.fibers[i].status == Status::DONE;
  }
  if (waiting == 0) return true;
  if (waiting < WARP) return done == 0 && first + WARP <= r.threads;
  unsigned values[WARP];
  for (int lane = 0; lane < WARP; lane++) values[lane] = r.fibers[first + lane].value;
  for (int lane = 0; lane < WARP; lane++) {
    Fiber &fiber = r.fibers[first + lane];
    fiber.value = values[source(fiber, lane)];
    fiber.status = Status::READY;
  }
  return true;
}

bool releaseBarrier() {
  Running &r = running();
  int waiting = 0, done = 0;
  for (int i = 0; i < r.threads; i++) {
    waiting += r.fibers[i].status == Status::BARRIER;
    done += r.fibers[i].status == Status::DONE;
  }
  if (waiting == 0 || waiting + done < r.threads) return false;
  if (done > 0) {
    fatal(LAUNCH_FAILED, "divergent barrier: kernel %s, %d of %d threads have ended before it",
          r.function->name.c_str(), done, r.threads);
    return false;
  }
  for (int i = 0; i < r.threads; i++) r.fibers[i].status = Status::READY;
  r.barriers++;
  return true;
}

// Runs every thread that can; false when the block has ended or cannot go on.
bool round() {
  Running &r = running();
  bool ran = false;
  for (int i = 0; i < r.threads && !r.aborted; i++) {
    if (r.fibers[i].status != Status::READY) continue;
    ran = true;
    r.current = i;
    r.runtime.self = &r.fibers[i].thread;
    nnSwitch(&r.scheduler, r.fibers[i].sp);
  }
  if (r.aborted) return false;
  for (int first = 0; first < r.threads; first += WARP) {
    if (!exchange(first)) {
      fatal(LAUNCH_FAILED, "shuffle without all lanes: kernel %s, warp %d",
            r.function->name.c_str(), first / WARP);
      return false;
    }
  }
  return releaseBarrier() || ran;
}

void runFibers() {
  Running &r = running();
  for (int i = 0; i < r.threads; i++) prepare(r.fibers[i], i);
  while (round()) {
  }
  if (state().sticky != SUCCESS) return;
  for (int i = 0; i < r.threads; i++) {
    if (r.fibers[i].status != Status::DONE) {
      fatal(LAUNCH_FAILED, "divergent barrier: kernel %s, its threads wait for each other",
            r.function->name.c_str());
      return;
    }
  }
}

void runLoop() {
  Running &r = running();
  if (setjmp(r.abort) != 0) return;
  for (r.current = 0; r.current < r.threads; r.current++) {
    r.runtime.self = &r.fibers[r.current].thread;
    r.function->kernel->call(r.parameters);
  }
}

void runBlock(NnDim3 index) {
  Running &r = running();
  const Module &module = *r.function->module;
  if (module.sharedStart != nullptr) {
    memset(module.sharedStart, 0xff, (size_t)(module.sharedEnd - module.sharedStart));
  }
  r.barriers++;
  for (int i = 0; i < r.threads; i++) r.fibers[i].thread.blockIdx = index;
  if (cooperates()) {
    runFibers();
  } else {
    runLoop();
  }
}

}  // namespace

void runKernel(const Function &function, NnDim3 grid, NnDim3 block, void **parameters) {
  Running &r = running();
  r.function = &function;
  r.parameters = parameters;
  r.aborted = false;
  r.threads = (int)(block.x * block.y * block.z);
  r.runtime = {nullptr, access, unaligned, barrier, shuffle};
  *function.module->runtime = &r.runtime;
  r.shared.assign((size_t)(function.module->sharedEnd - function.module->sharedStart) / 4 + 1, {});
  int i = 0;
  for (unsigned z = 0; z < block.z; z++) {
    for (unsigned y = 0; y < block.y; y++) {
      for (unsigned x = 0; x < block.x; x++) r.fibers[i++].thread = {{x, y, z}, {}, block, grid};
    }
  }
  // Blocks run in no order that one could rely on: here from the last to the first.
  for (unsigned z = grid.z; z-- > 0;) {
    for (unsigned y = grid.y; y-- > 0;) {
      for (unsigned x = grid.x; x-- > 0 && !r.aborted && state().sticky == SUCCESS;) {
        runBlock({x, y, z});
      }
    }
  }
}

}  // namespace emu

using namespace emu;

static std::vector<Range> pointersOf(const NnKernel &kernel, void **parameters) {
  std::vector<Range> pointers;
  for (int i = 0; i < kernel.count; i++) {
    if ((kernel.pointers >> i & 1) == 0) continue;
    Address address = *(Address *)parameters[i];
    if (find(address) != nullptr) pointers.push_back({address, 1, (kernel.writes >> i & 1) != 0});
  }
  return pointers;
}

EXPORT int cuLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                          unsigned bz, unsigned sharedBytes, void *handle, void **parameters,
                          void **extra) {
  ENTER("cuLaunchKernel")
  Stream *stream = streamOf(handle, "cuLaunchKernel");
  if (stream == nullptr) return INVALID_HANDLE;
  const Function *function = (const Function *)f;
  if (function == nullptr || state().modules.count(function->module) == 0) {
    violation("invalid handle: cuLaunchKernel of a function whose module does not live");
    return INVALID_HANDLE;
  }
  const NnKernel &kernel = *function->kernel;
  unsigned long threads = (unsigned long)bx * by * bz;
  bool fits = gx >= 1 && gy >= 1 && gz >= 1 && gx <= 2147483647u && gy <= 65535 && gz <= 65535 &&
              threads >= 1 && threads <= MOST_THREADS && bz <= 64 && sharedBytes <= 48 << 10;
  if (!fits || extra != nullptr || (kernel.count > 0 && parameters == nullptr)) {
    violation("invalid launch: kernel %s, grid (%u,%u,%u), block (%u,%u,%u)",
              function->name.c_str(), gx, gy, gz, bx, by, bz);
    return INVALID_VALUE;
  }
  if (kernel.maxThreads > 0 && threads > (unsigned long)kernel.maxThreads) {
    violation("invalid launch: kernel %s, %lu threads where its bounds say %d",
              function->name.c_str(), threads, kernel.maxThreads);
    return LAUNCH_OUT_OF_RESOURCES;
  }
  if (countDown(state().faults.launch)) return LAUNCH_FAILED;
  state().counters.launches++;
  // Parameters are copied when a kernel is launched.
  auto values = std::make_shared<std::vector<std::string>>();
  for (int i = 0; i < kernel.count; i++) {
    values->emplace_back((const char *)parameters[i], kernel.sizes[i]);
  }
  Op op{function->name, {}, pointersOf(kernel, parameters), {}};
  op.run = [=] {
    if (state().modules.count(function->module) == 0) {
      fatal(INVALID_HANDLE, "module unloaded in flight");
      return;
    }
    std::vector<void *> pointers;
    for (std::string &value : *values) pointers.push_back(value.data());
    runKernel(*function, {gx, gy, gz}, {bx, by, bz}, pointers.data());
  };
  return enqueue(stream, std::move(op));
}
