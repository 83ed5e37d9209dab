// What a kernel's library and the emulated driver agree on.
#pragma once

struct NnDim3 {
  unsigned x, y, z;
};

struct NnThread {
  NnDim3 threadIdx, blockIdx, blockDim, gridDim;
};

enum NnShuffle { NN_SHUFFLE_INDEX, NN_SHUFFLE_UP, NN_SHUFFLE_DOWN, NN_SHUFFLE_XOR };

// The driver's side of a running kernel.
struct NnRuntime {
  NnThread *self;
  void (*access)(const void *address, unsigned long size, int write);
  void (*unaligned)(const void *address, unsigned long alignment);
  void (*barrier)();
  unsigned (*shuffle)(unsigned mask, unsigned value, unsigned argument, int kind);
};

// A kernel's entry: how to call it, and what a launch has to copy of its parameters.
struct NnKernel {
  void (*call)(void **parameters);
  int count;
  const unsigned short *sizes;
  unsigned long long pointers;  // bit i: parameter i is a pointer
  unsigned long long writes;    // bit i: and what it points to is not const
  int cooperates;               // whether its threads meet: then each is a fiber
  int maxThreads;               // of __launch_bounds__; 0 where there is none
};
