package nn.bench;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.Shape;

/** What benchmarks begin with: arrays on a backend. */
final class Workbench {
  private Workbench() {}

  /** Zeros. */
  static Operand zeros(Backend backend, DType type, Shape shape) {
    return Operand.of(backend.allocate(type, shape.size()), shape);
  }

  /** F32, uniform in [0, 1). */
  static Operand uniform(Backend backend, Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return filled(backend, shape, values);
  }

  /** F32 values in row-major order. */
  static Operand filled(Backend backend, Shape shape, float... values) {
    Operand operand = zeros(backend, DType.F32, shape);
    backend.write(operand.buffer(), 0, MemorySegment.ofArray(values));
    return operand;
  }

  /** I32 labels [n], uniform over the classes. */
  static Operand labels(Backend backend, int n, int classes, long seed) {
    Operand operand = zeros(backend, DType.I32, Shape.of(n));
    int[] values = new SplittableRandom(seed).ints(n, 0, classes).toArray();
    backend.write(operand.buffer(), 0, MemorySegment.ofArray(values));
    return operand;
  }
}
