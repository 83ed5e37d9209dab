package nn.cpu.codegen;

import nn.backend.Combiner;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/**
 * Emits how values are combined: each lane by itself, and in the end perhaps all lanes.
 *
 * <p>What goes round a loop is only ever an argument, never the object that a method is called on:
 * C2 must know the class of that one before it knows what comes back from the loop, or it makes
 * objects of vectors.
 */
final class Accumulator {
  private final VectorCode v;
  private final Combiner combiner;
  private final Vec value;
  private final @Nullable Vec number;

  /** Takes variables that stay in use until the caller's scope ends. */
  Accumulator(VectorCode v, Combiner combiner) {
    this.v = v;
    this.combiner = combiner;
    this.value = v.newVec(Type.FLOAT);
    this.number = combiner == Combiner.ARGMAX ? v.newVec(Type.INT) : null;
  }

  /** Begins with nothing. */
  void start() {
    v.assign(value, v.real(identity()));
    if (number != null) {
      v.assign(number, v.integer(Integer.MAX_VALUE));
    }
  }

  private float identity() {
    return switch (combiner) {
      case SUM -> 0;
      case MAX, ARGMAX -> Float.NEGATIVE_INFINITY;
      case MIN -> Float.POSITIVE_INFINITY;
    };
  }

  /**
   * Takes in one more value in each lane.
   *
   * @param numbers the values' numbers, for argmax
   * @param mask the lanes that count, if not all
   */
  void add(Vec values, @Nullable Vec numbers, @Nullable Vec mask) {
    if (number == null || numbers == null) {
      Vec combined = combine(values, value);
      v.assign(value, mask == null ? combined : v.select(v.not(mask), value, combined));
    } else {
      Vec wins = wins(values, numbers, value, number);
      choose(mask == null ? wins : v.and(wins, mask), values, numbers);
    }
  }

  /** Takes in all there is, the lanes of a mask: instead of a beginning and an addition. */
  void set(Vec values, @Nullable Vec numbers, Vec mask) {
    v.assign(value, v.select(mask, values, v.real(identity())));
    if (number != null && numbers != null) {
      v.assign(number, v.select(mask, numbers, v.integer(Integer.MAX_VALUE)));
    }
  }

  private Vec combine(Vec a, Vec b) {
    return switch (combiner) {
      case SUM -> v.add(a, b);
      case MAX, ARGMAX -> v.max(a, b);
      case MIN -> v.min(a, b);
    };
  }

  /** A NaN wins against all else, a larger value against a smaller, of equals the lower number. */
  private Vec wins(Vec a, Vec numberOfA, Vec b, Vec numberOfB) {
    Vec isNan = v.compare("NE", a, a);
    Vec otherIsNan = v.compare("NE", b, b);
    Vec larger = v.or(v.compare("GT", a, b), v.and(isNan, v.not(otherIsNan)));
    Vec equal = v.or(v.compare("EQ", a, b), v.and(isNan, otherIsNan));
    return v.or(larger, v.and(equal, v.compare("LT", numberOfA, numberOfB)));
  }

  private void choose(Vec wins, Vec values, Vec numbers) {
    Vec loses = v.not(wins);
    v.assign(value, v.select(loses, value, values));
    if (number != null) {
      v.assign(number, v.select(loses, number, numbers));
    }
  }

  /** Combines all lanes, sums in a fixed order, and puts the result on the stack. */
  void pushFolded() {
    v.scoped(() -> {
      switch (combiner) {
        case SUM -> pushSum();
        case MAX, MIN -> v.pushExtremum(combiner.name(), value);
        case ARGMAX -> pushNumber();
      }
    });
  }

  private void pushSum() {
    Vec sum = value;
    for (int distance = Species.LANES / 2; distance > 0; distance /= 2) {
      Vec others = v.rotate(sum, distance);
      sum = v.add(others, sum);
    }
    v.pushFirst(sum);
  }

  /** The lowest number of a lane that holds the largest value, or of one that holds NaN. */
  private void pushNumber() {
    Vec largest = v.broadcast(Type.FLOAT, () -> v.pushExtremum("MAX", value));
    Vec wins = v.or(v.compare("NE", value, value), v.compare("EQ", value, largest));
    v.pushExtremum("MIN", v.select(wins, result(), v.integer(Integer.MAX_VALUE)));
  }

  /** What each lane has come to: the value, or for argmax its number. */
  Vec result() {
    return number == null ? value : number;
  }
}
