// Streams, events and graphs.
#include <chrono>

#include "emulator.h"

namespace emu {

static bool reaches(const Waits &waits, const Use &use) {
  auto found = waits.find(use.stream);
  return found != waits.end() && found->second >= use.order;
}

// Whether the use came before the work for certain.
static bool isOrdered(const Use &use, const Stream *stream, const Op &op) {
  return use.stream == nullptr || use.stream == stream ||
         state().streams.count(const_cast<Stream *>(use.stream)) == 0 ||
         reaches(*op.waits, use) || reaches(stream->knows, use);
}

static void noteUse(Stream *stream, const Op &op, const Range &range) {
  Allocation *a = find(range.start);
  if (a == nullptr || a->freed) return;
  bool afterWrite = isOrdered(a->write, stream, op);
  if (!afterWrite || (range.write && !isOrdered(a->read, stream, op))) {
    const Use &other = afterWrite ? a->read : a->write;
    fatal(LAUNCH_FAILED,
          "wrong stream: %s on stream %d uses %s, used on stream %d without waiting for it",
          op.what.c_str(), stream->number, describe(range.start).c_str(), other.stream->number);
  }
  (range.write ? a->write : a->read) = {stream, op.order};
}

static void noteWait(const Stream *stream, uint64_t order) {
  auto waits = std::make_shared<Waits>(*state().waits);
  uint64_t &waited = (*waits)[stream];
  waited = std::max(waited, order);
  state().waits = waits;
}

static void execute(Stream *stream, Op &op) {
  for (const Range &range : op.ranges) {
    if (!isValid(range.start, range.size, op.what.c_str(), range.write)) return;
    noteUse(stream, op, range);
  }
  for (const Range &range : op.allocations) noteUse(stream, op, range);
  if (state().sticky == SUCCESS) op.run();
}

void drain(Stream *stream, uint64_t order) {
  std::vector<Op> queue;
  queue.swap(stream->queue);
  size_t i = 0;
  for (; i < queue.size() && queue[i].order <= order; i++) {
    if (state().sticky == SUCCESS) execute(stream, queue[i]);
  }
  stream->queue.insert(stream->queue.begin(), std::make_move_iterator(queue.begin() + (long)i),
                       std::make_move_iterator(queue.end()));
}

Stream *streamOf(void *handle, const char *call) {
  State &s = state();
  Stream *stream = (Stream *)handle;
  if (s.streams.count(stream) != 0) return stream;
  // The default stream waits for others and cannot be captured: it is never meant.
  violation("wrong stream: %s on %s", call,
            (Address)handle <= 2 ? "the default stream" : "a stream that does not live");
  return nullptr;
}

Result enqueue(Stream *stream, Op op) {
  if (stream->capture) {
    if (stream->invalidated) return CAPTURE_INVALIDATED;
    stream->capture->ops.push_back(std::move(op));
    return SUCCESS;
  }
  op.order = ++state().order;
  op.waits = state().waits;
  stream->queue.push_back(std::move(op));
  if (stream->queue.size() > 4096) drain(stream, stream->queue[2048].order);
  return state().sticky;
}

Result wait(Stream *stream, const char *call) {
  if (forbidden("synchronize", call)) return CAPTURE_UNSUPPORTED;
  drain(stream, UINT64_MAX);
  noteWait(stream, state().order);
  return state().sticky;
}

Result waitForAll(const char *call) {
  if (forbidden("synchronize", call)) return CAPTURE_UNSUPPORTED;
  for (Stream *stream : std::set<Stream *>(state().streams)) {
    if (Result r = wait(stream, call)) return r;
  }
  return state().sticky;
}

static double seconds() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace emu

using namespace emu;

#define STREAM(handle, name)                \
  Stream *stream = streamOf(handle, name);  \
  if (stream == nullptr) return INVALID_HANDLE;

template <class T>
static bool lives(const std::set<T *> &all, T *handle, const char *call) {
  if (all.count(handle) != 0) return true;
  violation("invalid handle: %s", call);
  return false;
}

static Result newStream(void **out) {
  static int count = 0;
  Stream *stream = new Stream;
  stream->number = ++count;
  state().streams.insert(stream);
  *out = stream;
  return SUCCESS;
}

EXPORT int cuStreamCreate(void **out, unsigned) {
  ENTER("cuStreamCreate")
  return newStream(out);
}

EXPORT int cuStreamCreateWithPriority(void **out, unsigned, int) {
  ENTER("cuStreamCreateWithPriority")
  return newStream(out);
}

EXPORT int cuStreamDestroy_v2(void *handle) {
  ENTER("cuStreamDestroy")
  STREAM(handle, "cuStreamDestroy")
  stream->capture.reset();
  drain(stream, UINT64_MAX);
  auto waits = std::make_shared<Waits>(*state().waits);
  waits->erase(stream);
  state().waits = waits;
  state().streams.erase(stream);
  delete stream;
  return state().sticky;
}

EXPORT int cuStreamSynchronize(void *handle) {
  ENTER("cuStreamSynchronize")
  STREAM(handle, "cuStreamSynchronize")
  state().counters.synchronizations++;
  return wait(stream, "cuStreamSynchronize");
}

EXPORT int cuCtxSynchronize() {
  ENTER("cuCtxSynchronize")
  state().counters.synchronizations++;
  return waitForAll("cuCtxSynchronize");
}

EXPORT int cuStreamQuery(void *handle) {
  ENTER("cuStreamQuery")
  STREAM(handle, "cuStreamQuery")
  if (stream->queue.empty()) return SUCCESS;
  Result r = wait(stream, "cuStreamQuery");  // done by the time that one asks again
  return r == SUCCESS ? NOT_READY : r;
}

EXPORT int cuStreamWaitEvent(void *handle, void *event, unsigned) {
  ENTER("cuStreamWaitEvent")
  STREAM(handle, "cuStreamWaitEvent")
  Event *e = (Event *)event;
  if (!lives(state().events, e, "cuStreamWaitEvent")) return INVALID_HANDLE;
  Stream *other = e->stream;
  uint64_t order = e->order;
  if (other == nullptr || state().streams.count(other) == 0) return SUCCESS;
  return enqueue(stream, {"cuStreamWaitEvent", {}, {}, [=] {
                            drain(other, order);
                            stream->knows[other] = order;
                          }});
}

EXPORT int cuStreamBeginCapture_v2(void *handle, int) {
  ENTER("cuStreamBeginCapture")
  STREAM(handle, "cuStreamBeginCapture")
  if (stream->capture) return CAPTURE_UNSUPPORTED;
  stream->capture = std::make_unique<Graph>();
  stream->invalidated = false;
  return SUCCESS;
}

EXPORT int cuStreamEndCapture(void *handle, void **out) {
  ENTER("cuStreamEndCapture")
  STREAM(handle, "cuStreamEndCapture")
  if (!stream->capture) return CAPTURE_UNMATCHED;
  std::unique_ptr<Graph> graph = std::move(stream->capture);
  *out = nullptr;
  if (stream->invalidated) return CAPTURE_INVALIDATED;
  *out = graph.get();
  state().graphs.insert(graph.release());
  return SUCCESS;
}

EXPORT int cuStreamIsCapturing(void *handle, int *status) {
  ENTER("cuStreamIsCapturing")
  STREAM(handle, "cuStreamIsCapturing")
  *status = !stream->capture ? 0 : stream->invalidated ? 2 : 1;
  return SUCCESS;
}

EXPORT int cuGraphInstantiateWithFlags(void **out, void *graph, unsigned long long) {
  ENTER("cuGraphInstantiate")
  if (!lives(state().graphs, (Graph *)graph, "cuGraphInstantiate")) return INVALID_HANDLE;
  if (forbidden("instantiation", "cuGraphInstantiate")) return CAPTURE_UNSUPPORTED;
  Graph *copy = new Graph(*(Graph *)graph);
  state().executables.insert(copy);
  *out = copy;
  return SUCCESS;
}

EXPORT int cuGraphLaunch(void *executable, void *handle) {
  ENTER("cuGraphLaunch")
  STREAM(handle, "cuGraphLaunch")
  Graph *graph = (Graph *)executable;
  if (!lives(state().executables, graph, "cuGraphLaunch")) return INVALID_HANDLE;
  if (countDown(state().faults.launch)) return LAUNCH_FAILED;
  state().counters.graphLaunches++;
  for (const Op &op : graph->ops) {
    if (Result r = enqueue(stream, op)) return r;
  }
  return SUCCESS;
}

EXPORT int cuGraphUpload(void *executable, void *handle) {
  ENTER("cuGraphUpload")
  STREAM(handle, "cuGraphUpload")
  return lives(state().executables, (Graph *)executable, "cuGraphUpload") ? SUCCESS
                                                                          : INVALID_HANDLE;
}

EXPORT int cuGraphExecDestroy(void *executable) {
  ENTER("cuGraphExecDestroy")
  Graph *graph = (Graph *)executable;
  if (!lives(state().executables, graph, "cuGraphExecDestroy")) return INVALID_HANDLE;
  state().executables.erase(graph);
  delete graph;
  return SUCCESS;
}

EXPORT int cuGraphDestroy(void *handle) {
  ENTER("cuGraphDestroy")
  Graph *graph = (Graph *)handle;
  if (!lives(state().graphs, graph, "cuGraphDestroy")) return INVALID_HANDLE;
  state().graphs.erase(graph);
  delete graph;
  return SUCCESS;
}

EXPORT int cuGraphGetNodes(void *handle, void **nodes, size_t *count) {
  ENTER("cuGraphGetNodes")
  Graph *graph = (Graph *)handle;
  if (!lives(state().graphs, graph, "cuGraphGetNodes")) return INVALID_HANDLE;
  for (size_t i = 0; nodes != nullptr && i < *count; i++) {
    nodes[i] = i < graph->ops.size() ? &graph->ops[i] : nullptr;
  }
  *count = nodes == nullptr ? graph->ops.size() : std::min(*count, graph->ops.size());
  return SUCCESS;
}

EXPORT int cuEventCreate(void **out, unsigned flags) {
  ENTER("cuEventCreate")
  Event *event = new Event;
  event->timed = (flags & 2) == 0;
  state().events.insert(event);
  *out = event;
  return SUCCESS;
}

EXPORT int cuEventDestroy_v2(void *handle) {
  ENTER("cuEventDestroy")
  Event *event = (Event *)handle;
  if (!lives(state().events, event, "cuEventDestroy")) return INVALID_HANDLE;
  state().events.erase(event);
  delete event;
  return SUCCESS;
}

EXPORT int cuEventRecord(void *handle, void *on) {
  ENTER("cuEventRecord")
  STREAM(on, "cuEventRecord")
  Event *event = (Event *)handle;
  if (!lives(state().events, event, "cuEventRecord")) return INVALID_HANDLE;
  event->captured = stream->capture != nullptr;
  if (event->captured) return stream->invalidated ? CAPTURE_INVALIDATED : SUCCESS;
  event->happened = false;
  event->stream = stream;
  uint64_t order = event->order = state().order + 1;
  return enqueue(stream, {"cuEventRecord", {}, {}, [event, order] {
                            // It may be gone, or recorded anew, or another of the same address.
                            if (state().events.count(event) == 0 || event->order != order) return;
                            event->happened = true;
                            event->time = seconds();
                          }});
}

// An event of a capture can be asked nothing: it is reached whenever its graph runs.
static bool asksCaptured(const Event *event, const char *call) {
  if (event->captured) violation("event of a capture: %s", call);
  return event->captured;
}

EXPORT int cuEventSynchronize(void *handle) {
  ENTER("cuEventSynchronize")
  Event *event = (Event *)handle;
  if (!lives(state().events, event, "cuEventSynchronize")) return INVALID_HANDLE;
  if (asksCaptured(event, "cuEventSynchronize")) return CAPTURED_EVENT;
  if (forbidden("synchronize", "cuEventSynchronize")) return CAPTURE_UNSUPPORTED;
  state().counters.synchronizations++;
  if (event->stream == nullptr || state().streams.count(event->stream) == 0) return SUCCESS;
  drain(event->stream, event->order);
  noteWait(event->stream, event->order);
  return state().sticky;
}

EXPORT int cuEventQuery(void *handle) {
  ENTER("cuEventQuery")
  Event *event = (Event *)handle;
  if (!lives(state().events, event, "cuEventQuery")) return INVALID_HANDLE;
  if (asksCaptured(event, "cuEventQuery")) return CAPTURED_EVENT;
  if (event->happened || event->stream == nullptr) return SUCCESS;
  drain(event->stream, event->order);
  noteWait(event->stream, event->order);
  return state().sticky == SUCCESS ? NOT_READY : state().sticky;
}

// Whether an event has a time; a violation says why not.
static Result hasTime(const Event *event) {
  if (asksCaptured(event, "cuEventElapsedTime")) return CAPTURED_EVENT;
  if (!event->timed || event->stream == nullptr) {
    violation("untimed event: cuEventElapsedTime of one %s",
              event->timed ? "never recorded" : "made without timing");
    return INVALID_HANDLE;
  }
  if (event->happened) return SUCCESS;
  violation("unreached event: cuEventElapsedTime");
  return NOT_READY;
}

EXPORT int cuEventElapsedTime(float *milliseconds, void *from, void *to) {
  ENTER("cuEventElapsedTime")
  Event *first = (Event *)from, *second = (Event *)to;
  if (!lives(state().events, first, "cuEventElapsedTime") ||
      !lives(state().events, second, "cuEventElapsedTime")) {
    return INVALID_HANDLE;
  }
  if (Result r = hasTime(first)) return r;
  if (Result r = hasTime(second)) return r;
  *milliseconds = (float)((second->time - first->time) * 1000);
  return SUCCESS;
}
