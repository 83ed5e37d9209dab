package nn.tensor;

import nn.backend.Shape;

/**
 * Declares an array that a layer keeps from step to step. It holds no values: {@link Parameters}
 * does, on a device. Identity is equality.
 */
public final class Parameter {

  /** What becomes of the array in training. */
  public enum Kind {
    /** Trained, and subject to weight decay. */
    WEIGHT,
    /** Trained, never decayed: biases, gains. */
    BIAS,
    /** Not trained but written by the layer itself: running statistics. */
    STATE
  }

  private final String name;
  private final Shape shape;
  private final Kind kind;
  private final Initializer initializer;

  /**
   * @param name what the array is called within its layer, such as "weight"
   */
  public Parameter(String name, Shape shape, Kind kind, Initializer initializer) {
    this.name = name;
    this.shape = shape;
    this.kind = kind;
    this.initializer = initializer;
  }

  public String name() {
    return name;
  }

  public Shape shape() {
    return shape;
  }

  public Kind kind() {
    return kind;
  }

  public Initializer initializer() {
    return initializer;
  }

  @Override
  public String toString() {
    return name + shape;
  }
}
