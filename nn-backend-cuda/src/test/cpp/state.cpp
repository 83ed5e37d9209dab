// Rules that hold for every call, violations, and what tests ask for.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "emulator.h"

namespace emu {

State &state() {
  static State *one = new State;  // lives as long as the process: threads may outlast main
  return *one;
}

bool &hasContext() {
  static thread_local bool has = false;
  return has;
}

static void note(const char *format, va_list arguments) {
  char text[1024];
  vsnprintf(text, sizeof text, format, arguments);
  State &s = state();
  s.lastViolation = text;
  if (s.violations.size() < 100000) s.violations += s.lastViolation + "\n";
}

void violation(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  note(format, arguments);
  va_end(arguments);
}

void fatal(Result code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  note(format, arguments);
  va_end(arguments);
  if (state().sticky == SUCCESS) state().sticky = code;
}

Result enter(const char *call) {
  State &s = state();
  if (!s.initialized) return NOT_INITIALIZED;
  if (s.faults.lost) s.sticky = UNKNOWN;
  if (s.sticky != SUCCESS) return s.sticky;
  if (!hasContext()) {
    violation("no current context: %s", call);
    return INVALID_CONTEXT;
  }
  return SUCCESS;
}

bool countDown(long &fault) { return fault > 0 && --fault == 0; }

bool forbidden(const char *what, const char *call) {
  bool capturing = false;
  for (Stream *stream : state().streams) {
    if (stream->capture) {
      stream->invalidated = true;
      capturing = true;
    }
  }
  if (capturing) violation("%s inside a capture: %s", what, call);
  return capturing;
}

}  // namespace emu

using namespace emu;

// What lived on a card that was lost ends with the process that used it: this stands for a new one.
static void forgetLostCard() {
  State &s = state();
  for (auto &each : std::map<Address, Allocation>(s.memory)) {
    if (!each.second.freed) release(each.first, "the end of the process");
  }
  for (auto &each : s.pinned) free((void *)each.first);
  for (Stream *stream : s.streams) delete stream;
  for (Event *event : s.events) delete event;
  for (Graph *graph : s.graphs) delete graph;
  for (Graph *executable : s.executables) delete executable;
  s.pinned.clear();
  s.streams.clear();
  s.events.clear();
  s.modules.clear();
  s.graphs.clear();
  s.executables.clear();
  s.contexts = 0;
  s.counters.pinned = s.counters.handles = s.counters.programs = 0;
}

EXPORT void emuReset() {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  State &s = state();
  if (s.faults.lost) forgetLostCard();
  s.sticky = SUCCESS;
  s.faults = {};
  s.violations.clear();
  s.lastViolation.clear();
  s.total = size_t(4) << 30;
  for (Stream *stream : s.streams) stream->queue.clear();
}

EXPORT void emuFail(const char *what, long n) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  Faults &f = state().faults;
  if (!strcmp(what, "allocation")) f.allocation = n;
  if (!strcmp(what, "launch")) f.launch = n;
  if (!strcmp(what, "compilation")) f.compilation = n;
  if (!strcmp(what, "device")) f.lost = n != 0;
}

EXPORT void emuSetMemory(long bytes) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  state().total = (size_t)bytes;
}

EXPORT const char *emuViolations() {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  return state().violations.c_str();
}

EXPORT long emuCount(const char *what) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  State &s = state();
  const Counters &c = s.counters;
  const std::map<std::string, long> counts = {
      {"allocations", c.allocations},
      {"bytes", c.bytes},
      {"pinned", c.pinned},
      {"streams", (long)s.streams.size()},
      {"events", (long)s.events.size()},
      {"modules", (long)s.modules.size()},
      {"graphs", (long)s.graphs.size()},
      {"executables", (long)s.executables.size()},
      {"handles", c.handles},
      {"programs", c.programs},
      {"contexts", s.contexts},
      {"launches", c.launches},
      {"graphLaunches", c.graphLaunches},
      {"gemms", c.gemms},
      {"compilations", c.compilations},
      {"copiesIn", c.copiesIn},
      {"copiesOut", c.copiesOut},
      {"synchronizations", c.synchronizations},
  };
  auto found = counts.find(what);
  return found == counts.end() ? -1 : found->second;
}
