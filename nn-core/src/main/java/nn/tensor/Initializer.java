package nn.tensor;

import java.util.random.RandomGenerator;
import nn.backend.Shape;

/** Initial values of a parameter, drawn on the host in double precision. */
@FunctionalInterface
public interface Initializer {

  /**
   * The values of an array in row-major order.
   *
   * @param shape the array's shape; weights are [fan-in, fan-out]
   * @param random the only source of randomness
   */
  double[] values(Shape shape, RandomGenerator random);
}
