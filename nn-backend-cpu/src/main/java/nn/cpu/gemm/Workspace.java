package nn.cpu.gemm;

import nn.cpu.Scratch;

/** One thread's scratch memory, shared by all products, which run one after another. */
final class Workspace {
  final Scratch panelsOfA = new Scratch();
  final Scratch panelsOfB = new Scratch();
  final Scratch sums = new Scratch();
}
