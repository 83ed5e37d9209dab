package nn.tensor;

import java.util.Collection;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;

/**
 * The values of parameters on a device, and their gradients: each in one flat buffer, so that an
 * optimizer is one pass. Weights come first, then biases, then state; each array starts at a
 * multiple of 16 elements, and the gaps stay zero.
 */
public final class Parameters implements AutoCloseable {
  private static final int ALIGNMENT = 16;

  private final Backend backend;
  private final DType type;
  private final List<Parameter> declared;
  private final Map<Parameter, Operand> values = new IdentityHashMap<>();
  private final Map<Parameter, Operand> gradients = new IdentityHashMap<>();
  private final Map<Parameter.Kind, Layout> ranges = new EnumMap<>(Parameter.Kind.class);
  private final Buffer valueBuffer;
  private final Buffer gradientBuffer;

  /**
   * Allocates and initializes.
   *
   * @param type F32, or F64 for checks on the reference backend
   * @param declared in a fixed order, repetitions ignored; each draws its initial values from a
   *     generator of its own, split from the seed in that order
   */
  public Parameters(Backend backend, DType type, Collection<Parameter> declared, long seed) {
    this.backend = backend;
    this.type = type;
    this.declared = declared.stream().distinct().toList();
    Map<Parameter, Layout> layouts = new IdentityHashMap<>();
    int trained = 0;
    int end = 0;
    for (Parameter.Kind kind : Parameter.Kind.values()) {
      int start = end;
      for (Parameter p : ofKind(kind)) {
        layouts.put(p, Layout.contiguous(p.shape(), end));
        end = Math.addExact(end, padded(p.shape().size()));
      }
      ranges.put(kind, Layout.contiguous(Shape.of(end - start), start));
      trained = kind == Parameter.Kind.STATE ? trained : end;
    }
    valueBuffer = backend.allocate(type, end);
    gradientBuffer = backend.allocate(type, trained);
    layouts.forEach((p, layout) -> values.put(p, Operand.of(valueBuffer, layout)));
    layouts.forEach((p, layout) -> {
      if (p.kind() != Parameter.Kind.STATE) {
        gradients.put(p, Operand.of(gradientBuffer, layout));
      }
    });
    initialize(seed);
  }

  private List<Parameter> ofKind(Parameter.Kind kind) {
    return declared.stream().filter(p -> p.kind() == kind).toList();
  }

  private static int padded(int size) {
    return Math.multiplyExact(Math.ceilDiv(size, ALIGNMENT), ALIGNMENT);
  }

  private void initialize(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (Parameter p : declared) {
      write(p, p.initializer().values(p.shape(), random.split()));
    }
  }

  /** No parameters: for computing with constants alone. */
  public static Parameters none(Backend backend, DType type) {
    return new Parameters(backend, type, List.of(), 0);
  }

  /** The type of values, gradients and everything computed from them. */
  public DType type() {
    return type;
  }

  public Backend backend() {
    return backend;
  }

  /** In the order declared. */
  public List<Parameter> declared() {
    return declared;
  }

  /** The number of trained values, alignment gaps not counted. */
  public int count() {
    return declared.stream()
        .filter(p -> p.kind() != Parameter.Kind.STATE)
        .mapToInt(p -> p.shape().size())
        .sum();
  }

  /** Where a parameter's values lie. */
  public Operand value(Parameter parameter) {
    return known(values, parameter);
  }

  /** Where a trained parameter's gradient lies. */
  public Operand gradient(Parameter parameter) {
    return known(gradients, parameter);
  }

  private static Operand known(Map<Parameter, Operand> map, Parameter parameter) {
    Operand operand = map.get(parameter);
    if (operand == null) {
      throw new IllegalArgumentException(
          "parameter "
              + parameter
              + " does not belong here; declare it in its layer's parameters()");
    }
    return operand;
  }

  /** All values of a kind as one flat operand, with the gaps. */
  public Operand values(Parameter.Kind kind) {
    return Operand.of(valueBuffer, range(kind));
  }

  /** All gradients of a trained kind as one flat operand, with the gaps. */
  public Operand gradients(Parameter.Kind kind) {
    return Operand.of(gradientBuffer, range(kind));
  }

  /** All gradients as one flat operand, with the gaps. */
  public Operand gradients() {
    return Operand.of(gradientBuffer, Shape.of(gradientBuffer.length()));
  }

  /** The part of a flat buffer of trained values that a kind takes. */
  public Layout range(Parameter.Kind kind) {
    Layout range = ranges.get(kind);
    return range == null ? Layout.contiguous(Shape.of(0), 0) : range;
  }

  /** Sets a parameter's values, given in row-major order. */
  public void write(Parameter parameter, double[] newValues) {
    if (newValues.length != parameter.shape().size()) {
      throw new IllegalArgumentException(newValues.length + " values for parameter " + parameter);
    }
    Operand target = value(parameter);
    backend.write(target.buffer(), target.layout().offset(), HostArrays.of(type, newValues));
  }

  /** A parameter's values in row-major order. */
  public double[] read(Parameter parameter) {
    return HostArrays.read(backend, value(parameter));
  }

  /** A trained parameter's gradient in row-major order. */
  public double[] readGradient(Parameter parameter) {
    return HostArrays.read(backend, gradient(parameter));
  }

  /** Frees the memory. */
  @Override
  public void close() {
    backend.free(valueBuffer);
    backend.free(gradientBuffer);
  }
}
