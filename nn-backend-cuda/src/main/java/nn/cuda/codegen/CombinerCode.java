package nn.cuda.codegen;

import java.util.stream.Stream;
import nn.backend.Combiner;

/** How a combiner is spelled in CUDA C. */
final class CombinerCode {
  private CombinerCode() {}

  /** The type of what is combined. */
  static String type(Combiner combiner) {
    return combiner == Combiner.ARGMAX ? "Candidate" : "float";
  }

  /** The function that combines two. */
  static String function(Combiner combiner) {
    return switch (combiner) {
      case SUM -> "sum";
      case MAX -> "maximum";
      case MIN -> "minimum";
      case ARGMAX -> "best";
    };
  }

  /** What changes nothing when combined; argmax prefers any number to it but those of -infinity. */
  static String identity(Combiner combiner) {
    return switch (combiner) {
      case SUM -> "0.0f";
      case MAX -> "__int_as_float((int)0xff800000u)";
      case MIN -> "__int_as_float(0x7f800000)";
      case ARGMAX -> "{__int_as_float((int)0xff800000u), 0}";
    };
  }

  /** The array in shared memory through which threads exchange what they combine. */
  static String shared(Combiner combiner) {
    return combiner == Combiner.ARGMAX ? "candidates" : "sums";
  }

  /** One array for each type of what is combined, which the outputs use one after another. */
  static void emitShared(Code code, Stream<Combiner> combiners, int length) {
    combiners
        .map(c -> "__shared__ %s %s[%d];".formatted(type(c), shared(c), length))
        .distinct()
        .forEach(line -> code.line("%s", line));
  }

  /** A mapped value as something to combine. */
  static String operand(Combiner combiner, String value, String number) {
    return combiner == Combiner.ARGMAX ? "Candidate{%s, %s}".formatted(value, number) : value;
  }
}
