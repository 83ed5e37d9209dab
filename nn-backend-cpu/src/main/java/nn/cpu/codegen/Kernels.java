package nn.cpu.codegen;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernels made so far. Safe for use by several threads. */
public final class Kernels {
  private final Map<KernelSpec, GradualKernel> made = new ConcurrentHashMap<>();
  private final Queue<GradualKernel> recent = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  /** The kernel of this specification; made if there is none yet. */
  public Kernel get(KernelSpec spec) {
    return made.computeIfAbsent(spec, this::make);
  }

  /** The kernels made since this was last called: they are not compiled yet. */
  public List<GradualKernel> takeRecent() {
    List<GradualKernel> cold = new ArrayList<>();
    for (GradualKernel next = recent.poll(); next != null; next = recent.poll()) {
      cold.add(next);
    }
    return cold;
  }

  private GradualKernel make(KernelSpec spec) {
    String name = spec.form() == KernelSpec.Form.ROWS ? "RowKernel" : "ColumnKernel";
    byte[] bytes = bytes(spec, name + count.incrementAndGet());
    if (HiddenClass.longestMethod(bytes) >= HiddenClass.LONGEST_COMPILED) {
      System.getLogger(Kernels.class.getName())
          .log(
              System.Logger.Level.WARNING, "{0} is too long to be compiled and will be slow", spec);
    }
    Kernel kernel = HiddenClass.define(MethodHandles.lookup(), bytes, Kernel.class);
    GradualKernel gradual = new GradualKernel(kernel, spec);
    recent.add(gradual);
    return gradual;
  }

  /** The number of bytes of a kernel's code. */
  static int length(KernelSpec spec) {
    return HiddenClass.longestMethod(bytes(spec, "Measured"));
  }

  private static byte[] bytes(KernelSpec spec, String name) {
    return HiddenClass.bytes(
        MethodHandles.lookup(),
        name,
        Kernel.class,
        "run",
        KernelCode.DESCRIPTOR,
        code -> KernelCode.emit(code, spec));
  }
}
