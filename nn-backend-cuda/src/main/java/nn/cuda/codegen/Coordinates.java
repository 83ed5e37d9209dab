package nn.cuda.codegen;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Splits a row-major number into coordinates. Extents are arguments: for each axis but the first
 * its extent, and what a division by it is computed with.
 */
final class Coordinates {
  private final String prefix;
  private final int axes;

  /** Axes are named by a prefix and their numbers from 0. */
  Coordinates(String prefix, int axes) {
    this.prefix = prefix;
    this.axes = axes;
  }

  /** The kernel's parameters. */
  Stream<String> parameters() {
    return IntStream.range(1, axes)
        .boxed()
        .flatMap(i -> Stream.of("d", "m", "s").map(part -> "unsigned " + prefix + i + part));
  }

  /** Declares a variable for each coordinate of a number. */
  void emit(Code code, String number) {
    String rest = number;
    for (int i = axes - 1; i > 0; i--) {
      String axis = prefix + i;
      code.line("unsigned %sq = quotient(%s, %sd, %sm, %ss);", axis, rest, axis, axis, axis);
      code.line("int %s = (int)(%s - %sq * %sd);", axis, rest, axis, axis);
      rest = axis + "q";
    }
    code.line("int %s0 = (int)%s;", prefix, rest);
  }

  List<String> names() {
    return IntStream.range(0, axes).mapToObj(i -> prefix + i).toList();
  }
}
