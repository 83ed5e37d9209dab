package nn.cpu.sparse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.backend.SparseGemm.Direction;
import nn.cpu.codegen.Cold;
import nn.cpu.codegen.Species;

/** The kernels made so far. Used by one thread at a time. */
public final class SparseKernels {
  /** Enough where the launcher's thresholds are in force. */
  private static final int FEW_CALLS = 24;

  /** C2 compiles what was called 600 times and made 15,000 calls and loop passes together. */
  private static final int MANY_CALLS = 700;

  private static final int WINDOWS = 24;

  private record Shape(Direction direction, List<Integer> distances) {}

  private final Map<Shape, SparseKernel> made = new HashMap<>();
  private final List<Cold> recent = new ArrayList<>();

  /** The kernel for these distances. */
  SparseKernel get(Direction direction, List<Integer> distances) {
    return made.computeIfAbsent(new Shape(direction, distances), this::make);
  }

  private SparseKernel make(Shape shape) {
    SparseKernel kernel = SparseKernelMaker.make(shape.direction, shape.distances);
    recent.add(new ColdKernel(kernel, shape));
    return kernel;
  }

  /** The kernels made since this was last called: they are not compiled yet. */
  public List<Cold> takeCold() {
    List<Cold> cold = List.copyOf(recent);
    recent.clear();
    return cold;
  }

  private record ColdKernel(SparseKernel kernel, Shape shape) implements Cold {
    @Override
    public void warmUp() {
      run(FEW_CALLS);
    }

    @Override
    public void warmUpMore() {
      run(MANY_CALLS);
    }

    private void run(int calls) {
      int farthest = shape.distances.stream().mapToInt(i -> i).max().orElse(0);
      float[] images = new float[farthest + Species.LANES];
      float[] columns = new float[shape.distances.size() * Species.LANES];
      int[] nowhere = new int[WINDOWS];
      float[] values = new float[WINDOWS];
      byte[] choices = new byte[WINDOWS];
      for (int i = 0; i < calls && !Thread.currentThread().isInterrupted(); i++) {
        kernel.run(images, 0, nowhere, nowhere, values, 0, choices, 0, 1, columns, 0);
      }
    }
  }
}
