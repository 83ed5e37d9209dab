package nn.cpu.sparse;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.cpu.codegen.Cold;
import nn.cpu.codegen.HiddenClass;

/** The kernels made so far. Used by one thread at a time. */
final class SparseKernels {
  private final Map<KernelShape<?>, Object> made = new HashMap<>();
  private final List<Cold> recent = new ArrayList<>();

  /** The kernel of a shape. */
  <K> K get(KernelShape<K> shape) {
    return shape.type().cast(made.computeIfAbsent(shape, this::make));
  }

  private <K> K make(KernelShape<K> shape) {
    K kernel =
        HiddenClass.make(
            MethodHandles.lookup(),
            "SparseKernel" + shape.name(),
            shape.type(),
            "run",
            shape.parameters(),
            shape::emit);
    recent.add(new ColdKernel(shape.trial(kernel)));
    return kernel;
  }

  /** The kernels made since this was last called: they are not compiled yet. */
  List<Cold> takeCold() {
    List<Cold> cold = List.copyOf(recent);
    recent.clear();
    return cold;
  }

  private record ColdKernel(Runnable trial) implements Cold {
    @Override
    public void warmUp() {
      run(ENOUGH_CALLS);
    }

    @Override
    public void warmUpMore() {
      run(CALLS_IN_ANY_CASE);
    }

    private void run(int calls) {
      for (int i = 0; i < calls && !Thread.currentThread().isInterrupted(); i++) {
        trial.run();
      }
    }
  }
}
