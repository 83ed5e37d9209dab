package nn.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nn.cuda.codegen.CodeCache;
import nn.cuda.codegen.KernelSource;
import nn.cuda.codegen.KernelSpec;

/**
 * The kernels of a backend, each compiled once. Compiling begins in the background when a kernel is
 * first asked for: so those of a whole plan are compiled side by side.
 */
final class Kernels implements AutoCloseable {
  private static final int MOST_THREADS = 8;

  private final Compiler compiler;
  private final CodeCache cache;
  private final ExecutorService background;
  private final Map<KernelSpec, LazyKernel> known = new HashMap<>();

  /** Makes code for the card of a source. Used by several threads at once. */
  @FunctionalInterface
  interface Compiler {
    byte[] compile(KernelSource source);
  }

  Kernels(Compiler compiler, CodeCache cache) {
    this.compiler = compiler;
    this.cache = cache;
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    this.background =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("nn-cuda-compiler-", 0).factory());
  }

  LazyKernel get(KernelSpec spec) {
    return known.computeIfAbsent(spec, this::begin);
  }

  /** What was asked for so far. */
  Set<KernelSpec> known() {
    return Set.copyOf(known.keySet());
  }

  private LazyKernel begin(KernelSpec spec) {
    KernelSource source = spec.source();
    Future<byte[]> code =
        background.submit(() -> {
          byte[] kept = cache.find(source);
          return kept != null ? kept : compile(source);
        });
    return new LazyKernel(source, code, () -> compile(source));
  }

  private byte[] compile(KernelSource source) {
    byte[] code = compiler.compile(source);
    cache.keep(source, code);
    return code;
  }

  @Override
  public void close() {
    background.shutdownNow();
    known.values().forEach(LazyKernel::close);
    known.clear();
  }
}
