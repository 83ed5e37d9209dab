package nn.cpu.codegen;

import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes that all code uses: the widest the machine prefers, and for narrower elements
 * the shape of as many lanes. Kept as constants, since C2 compiles vector code well only where it
 * knows the shape.
 */
public final class Species {
  /** Vectors of {@code float}. */
  public static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** The number of lanes. */
  public static final int LANES = FLOATS.length();

  /** Vectors of {@code int} in as many lanes. */
  public static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  /** Vectors of {@code short} in as many lanes. */
  public static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_64.withShape(shapeOf(16));

  /** Vectors of {@code byte} in as many lanes, or in 8 where that is more. */
  public static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64.withShape(shapeOf(8));

  /** Whether {@link #BYTES} has no lane too many; it has at 128 bits. */
  public static final boolean BYTES_MATCH = BYTES.length() == LANES;

  /** Lane i takes lane i + 8, modulo the number of lanes. */
  static final VectorShuffle<Float> ROTATE_8 = rotation(8);

  static final VectorShuffle<Float> ROTATE_4 = rotation(4);
  static final VectorShuffle<Float> ROTATE_2 = rotation(2);
  static final VectorShuffle<Float> ROTATE_1 = rotation(1);

  static {
    // code that was compiled before a kind of mask is first used is thrown away when it is
    List.of(FLOATS, INTS, SHORTS, BYTES).forEach(Species::useMask);
  }

  private Species() {}

  private static <E> void useMask(VectorSpecies<E> species) {
    VectorMask<E> first = species.indexInRange(0, 1);
    if (first.and(first.not()).anyTrue()) {
      throw new AssertionError("masks of " + species + " do not work");
    }
  }

  private static VectorShape shapeOf(int elementBits) {
    return VectorShape.forBitSize(Math.max(64, FLOATS.length() * elementBits));
  }

  private static VectorShuffle<Float> rotation(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + distance) % FLOATS.length());
  }
}
