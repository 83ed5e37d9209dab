// NVRTC over the host's compiler. What it made of a source is kept beside this library.
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "emulator.h"

using namespace emu;

namespace {

enum Status { OK = 0, INVALID_INPUT = 3, INVALID_PROGRAM = 4, INVALID_OPTION = 5, COMPILATION = 6 };
constexpr int ARCHITECTURES[] = {75, 80, 86, 90};

struct Program {
  std::string source, log, image;
};

std::set<Program *> &programs() {
  static auto *all = new std::set<Program *>;
  return *all;
}

std::string folder() {
  Dl_info info;
  dladdr((void *)&folder, &info);
  std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/'));
}

std::string read(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

bool isWord(char c) { return isalnum((unsigned char)c) || c == '_'; }

// The next word or other character from there on; moves on behind it.
std::string token(const std::string &source, size_t &at) {
  while (at < source.size() && isspace((unsigned char)source[at])) at++;
  size_t start = at;
  while (at < source.size() && isWord(source[at])) at++;
  if (at == start && at < source.size()) at++;
  return source.substr(start, at - start);
}

// One entry for each kernel; they are fibers where threads of the source meet.
std::string entries(const std::string &source) {
  static const std::string KERNEL = "__global__";
  bool cooperates = source.find("__sync") != std::string::npos ||
                    source.find("__shfl") != std::string::npos;
  std::string out;
  for (size_t at = source.find(KERNEL); at != std::string::npos; at = source.find(KERNEL, at)) {
    at += KERNEL.size();
    std::string bound = "0", word;
    while ((word = token(source, at)) == "void" || word == "__launch_bounds__") {
      if (word == "void") continue;
      token(source, at);  // the parenthesis
      bound = token(source, at);
      at = source.find(')', at) + 1;
    }
    out += "NN_ENTRY(" + word + ", " + (cooperates ? "1" : "0") + ", " + bound + ")\n";
  }
  return out;
}

std::string hash(const std::string &text) {
  uint64_t a = 14695981039346656037u, b = 1099511628211u;
  for (unsigned char c : text) {
    a = (a ^ c) * 1099511628211u;
    b = (b + c) * 6364136223846793005u + 1442695040888963407u;
  }
  char name[40];
  snprintf(name, sizeof name, "%016lx%016lx", (unsigned long)a, (unsigned long)b);
  return name;
}

int compile(Program &program) {
  std::string base = folder();
  std::string compiler = read(base + "/compiler");
  std::string text = "#include \"kernel.h\"\n#line 1 \"" "kernel.cu\"\n" + program.source + "\n" +
                     entries(program.source);
  std::string stem = base + "/kernels/" + hash(compiler + read(base + "/kernel.h") + text);
  program.image = read(stem + ".so");
  if (!program.image.empty()) return OK;
  state().counters.compilations++;
  mkdir((base + "/kernels").c_str(), 0777);
  std::string own = stem + "." + std::to_string(getpid());
  std::ofstream(own + ".cpp") << text;
  std::string command = compiler + " -o '" + own + ".so' '" + own + ".cpp' -lm > '" + own +
                        ".log' 2>&1";
  int failed = system(command.c_str());
  program.log = read(own + ".log");
  unlink((own + ".cpp").c_str());
  unlink((own + ".log").c_str());
  if (failed != 0) return COMPILATION;
  program.image = read(own + ".so");
  rename((own + ".so").c_str(), (stem + ".so").c_str());
  return OK;
}

bool isKnown(const std::string &option) {
  static const std::set<std::string> OTHERS = {
      "--fmad=false", "-fmad=false",  "--std=c++17", "-std=c++17",
      "--std=c++14",  "-std=c++14",   "--restrict",  "-lineinfo"};
  for (int known : ARCHITECTURES) {
    for (const char *way : {"--gpu-architecture=sm_", "--gpu-architecture=compute_", "-arch=sm_"}) {
      if (option == way + std::to_string(known)) return true;
    }
  }
  return OTHERS.count(option) != 0;
}

}  // namespace

#define PROGRAM                                              \
  std::lock_guard<std::recursive_mutex> guard(state().lock); \
  Program *p = (Program *)handle;                            \
  if (programs().count(p) == 0) return INVALID_PROGRAM;

EXPORT int nvrtcVersion(int *major, int *minor) {
  *major = 12;
  *minor = 6;
  return OK;
}

EXPORT int nvrtcGetNumSupportedArchs(int *count) {
  *count = sizeof ARCHITECTURES / sizeof *ARCHITECTURES;
  return OK;
}

EXPORT int nvrtcGetSupportedArchs(int *architectures) {
  memcpy(architectures, ARCHITECTURES, sizeof ARCHITECTURES);
  return OK;
}

EXPORT int nvrtcCreateProgram(void **out, const char *source, const char *, int headers,
                              const char *const *, const char *const *) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  if (source == nullptr || headers != 0) return INVALID_INPUT;
  Program *program = new Program{source, "", ""};
  programs().insert(program);
  state().counters.programs++;
  *out = program;
  return OK;
}

EXPORT int nvrtcDestroyProgram(void **handle) {
  std::lock_guard<std::recursive_mutex> guard(state().lock);
  Program *p = (Program *)*handle;
  if (programs().erase(p) == 0) {
    violation("invalid handle: nvrtcDestroyProgram");
    return INVALID_PROGRAM;
  }
  state().counters.programs--;
  delete p;
  *handle = nullptr;
  return OK;
}

EXPORT int nvrtcCompileProgram(void *handle, int count, const char *const *options) {
  PROGRAM
  for (int i = 0; i < count; i++) {
    if (!isKnown(options[i])) {
      p->log = std::string("nvrtc: error: invalid value or unknown option: ") + options[i];
      return INVALID_OPTION;
    }
  }
  if (countDown(state().faults.compilation)) {
    p->log = "a compilation that was to fail";
    return COMPILATION;
  }
  return compile(*p);
}

EXPORT int nvrtcGetProgramLogSize(void *handle, size_t *size) {
  PROGRAM
  *size = p->log.size() + 1;
  return OK;
}

EXPORT int nvrtcGetProgramLog(void *handle, char *log) {
  PROGRAM
  memcpy(log, p->log.c_str(), p->log.size() + 1);
  return OK;
}

EXPORT int nvrtcGetCUBINSize(void *handle, size_t *size) {
  PROGRAM
  *size = p->image.size();
  return p->image.empty() ? INVALID_PROGRAM : OK;
}

EXPORT int nvrtcGetCUBIN(void *handle, char *image) {
  PROGRAM
  memcpy(image, p->image.data(), p->image.size());
  return p->image.empty() ? INVALID_PROGRAM : OK;
}

EXPORT int nvrtcGetPTXSize(void *handle, size_t *size) {
  PROGRAM
  *size = 0;
  return INVALID_PROGRAM;
}

EXPORT int nvrtcGetPTX(void *handle, char *) {
  PROGRAM
  return INVALID_PROGRAM;
}

EXPORT const char *nvrtcGetErrorString(int status) {
  switch (status) {
    case OK:
      return "NVRTC_SUCCESS";
    case INVALID_INPUT:
      return "NVRTC_ERROR_INVALID_INPUT";
    case INVALID_OPTION:
      return "NVRTC_ERROR_INVALID_OPTION";
    case COMPILATION:
      return "NVRTC_ERROR_COMPILATION";
    default:
      return "NVRTC_ERROR_INVALID_PROGRAM";
  }
}
