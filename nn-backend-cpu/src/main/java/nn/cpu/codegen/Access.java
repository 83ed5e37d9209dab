package nn.cpu.codegen;

import nn.backend.DType;
import org.jspecify.annotations.Nullable;

/**
 * How a kernel reaches an operand of its iteration space [rows, columns].
 *
 * @param type of the elements; null stands for an operand that is not in memory: the value of each
 *     element is its own address, as an integer. Indices and positions are read so.
 * @param along how elements follow one another along a row
 * @param gathered whether row numbers are looked up
 * @param beside an operand that this one is reached from, or null
 */
public record Access(@Nullable DType type, Along along, boolean gathered, @Nullable Beside beside) {

  /**
   * Each element lies equally far behind that of an earlier operand, in the same array.
   *
   * @param operand its number; that one is reached on its own
   * @param distance in elements, not negative
   */
  public record Beside(int operand, int distance) {}

  /** An operand that is reached on its own. */
  public Access(@Nullable DType type, Along along, boolean gathered) {
    this(type, along, gathered, null);
  }

  /** The column stride. */
  public enum Along {
    /** One element for the whole row. */
    BROADCAST,
    /** Stride 1. */
    CONTIGUOUS,
    /** Any other. */
    STRIDED;

    /** The kind of a stride. */
    public static Along of(int stride) {
      return switch (stride) {
        case 0 -> BROADCAST;
        case 1 -> CONTIGUOUS;
        default -> STRIDED;
      };
    }
  }

  /** The same elements, reached from an operand that each of them lies so far behind. */
  public Access beside(int operand, int distance) {
    return new Access(type, along, gathered, new Beside(operand, distance));
  }
}
