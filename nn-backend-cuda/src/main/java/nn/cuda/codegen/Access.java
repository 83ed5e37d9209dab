package nn.cuda.codegen;

import java.util.ArrayList;
import java.util.List;
import nn.backend.DType;
import org.jspecify.annotations.Nullable;

/**
 * How a kernel reaches an operand, which is memory with a stride for each axis of the iteration
 * space. Without memory the value of an element is its own address, which is how indices and
 * positions are numbered.
 *
 * @param type the type of the elements; null without memory
 * @param along what happens along the axes
 * @param moved whether a counter on the card moves the whole operand
 * @param gather how coordinates are looked up
 */
public record Access(@Nullable DType type, Along along, boolean moved, Gather gather) {

  /** Where an operand's next element is. */
  public enum Along {
    /** Every element is the same. */
    FIXED,
    /** Every element of a row, along the last axis, is the same. */
    UNIFORM,
    /** Rows have stride 1, and begin where four elements at once can be read. */
    VECTOR,
    /** A stride for each axis. */
    STRIDED
  }

  /** How the coordinate along the gathered axis becomes a place. */
  public enum Gather {
    /** It is the place. */
    NONE,
    /** An array says which. */
    LOOKED_UP,
    /** An array says which, and a counter moves that array. */
    LOOKED_UP_MOVED
  }

  /** The type of a loaded value in CUDA C. */
  String valueType() {
    return type == DType.F32 || type == DType.BF16 ? "float" : "int";
  }

  /** The type of an element in memory in CUDA C. */
  String elementType() {
    return switch (type) {
      case F32 -> "float";
      case BF16 -> "bf16";
      case U8 -> "u8";
      case I32 -> "int";
      case F64 -> throw new IllegalArgumentException("no kernel holds doubles");
      case null -> throw new IllegalStateException("an operand without memory has no elements");
    };
  }

  /** Whether a stride along an axis is an argument. */
  public boolean strides(int axis, int axes) {
    return along == Along.STRIDED || along != Along.FIXED && axis < axes - 1;
  }

  /**
   * The kernel's parameters for this operand. Whoever passes arguments follows this order: the
   * address; a stride for each axis that has one; counter and its stride; row numbers, their
   * stride, their counter and its stride.
   */
  List<String> parameters(String name, int axes, boolean written) {
    List<String> parameters = new ArrayList<>();
    if (type != null) {
      parameters.add((written ? "" : "const ") + elementType() + "* " + name);
    }
    for (int axis = 0; axis < axes; axis++) {
      if (strides(axis, axes)) {
        parameters.add("int " + name + "_" + axis);
      }
    }
    if (moved) {
      parameters.add("const int* " + name + "c");
      parameters.add("int " + name + "cs");
    }
    if (gather != Gather.NONE) {
      parameters.add("const int* " + name + "r");
      parameters.add("int " + name + "rs");
    }
    if (gather == Gather.LOOKED_UP_MOVED) {
      parameters.add("const int* " + name + "rc");
      parameters.add("int " + name + "rcs");
    }
    return parameters;
  }

  /** Statements that follow the counters, once a kernel. */
  void emitMoves(Code code, String name) {
    if (moved) {
      code.line("%s += (long long)%sc[0] * %scs;", name, name, name);
    }
    if (gather == Gather.LOOKED_UP_MOVED) {
      code.line("%sr += (long long)%src[0] * %srcs;", name, name, name);
    }
  }

  /**
   * The element's distance from the first, of some of the axes.
   *
   * @param coordinates for each axis the name of the coordinate, or nothing to leave the axis out
   * @param gatheredAxis the axis along which gathers look up
   */
  String address(String name, List<String> coordinates, int gatheredAxis) {
    StringBuilder sum = new StringBuilder();
    for (int axis = 0; axis < coordinates.size(); axis++) {
      String coordinate = coordinates.get(axis);
      boolean last = axis == coordinates.size() - 1;
      if (!coordinate.isEmpty() && along != Along.FIXED && !(last && along == Along.UNIFORM)) {
        sum.append(sum.isEmpty() ? "" : " + ").append(place(name, coordinate, axis, gatheredAxis));
        sum.append(last && along == Along.VECTOR ? "" : " * %s_%d".formatted(name, axis));
      }
    }
    return sum.isEmpty() ? "0" : sum.toString();
  }

  private String place(String name, String coordinate, int axis, int gatheredAxis) {
    return gather != Gather.NONE && axis == gatheredAxis
        ? "%sr[%s * %srs]".formatted(name, coordinate, name)
        : coordinate;
  }

  /** The value at a distance from the first element. */
  String value(String name, String address) {
    return type == null ? address : "load(%s + %s)".formatted(name, address);
  }
}
