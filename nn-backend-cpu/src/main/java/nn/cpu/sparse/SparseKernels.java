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
      run(ENOUGH_CALLS);
    }

    @Override
    public void warmUpMore() {
      run(CALLS_IN_ANY_CASE);
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
