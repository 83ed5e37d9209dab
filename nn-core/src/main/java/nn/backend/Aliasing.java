package nn.backend;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Addresses.Integers;

/** The rules on operands that share memory. */
public final class Aliasing {
  private Aliasing() {}

  /**
   * Checks that an output shares elements with no other operand, unless with an input that has each
   * element at the same place in an elementwise command or a gemm's epilogue; and that no element
   * of an output is written twice.
   *
   * @param integers reads cursors and row indices
   * @throws IllegalArgumentException if a rule is broken, or an operand reaches outside its buffer
   */
  public static void check(Command command, Integers integers) {
    switch (command) {
      case Gemm g -> {
        List<Addresses> outputs = outputs(g, integers);
        disjoint("a factor of gemm", addresses(List.of(g.a(), g.b()), integers), outputs);
        sameOrDisjoint("an extra of gemm", addresses(g.extras(), integers), outputs);
      }
      case Elementwise e ->
          sameOrDisjoint("an input", addresses(e.inputs(), integers), outputs(e, integers));
      case Reduce r ->
          disjoint(
              "an input of a reduction", addresses(r.inputs(), integers), outputs(r, integers));
      case SparseGemm sparse ->
          disjoint(
              "a factor of a sparse product",
              addresses(sparse.inputs(), integers),
              outputs(sparse, integers));
      case Chain chain -> chain.stages().forEach(stage -> check(stage, integers));
    }
  }

  private static List<Addresses> addresses(List<Operand> operands, Integers integers) {
    return operands.stream().map(operand -> Addresses.of(operand, integers)).toList();
  }

  private static List<Addresses> outputs(Command command, Integers integers) {
    List<Addresses> outputs = new ArrayList<>();
    for (Operand operand : command.outputs()) {
      Addresses output = Addresses.of(operand, integers);
      boolean writtenOnce =
          (operand.layout().isContiguous() || !output.overlapsItself())
              && outputs.stream().noneMatch(output::overlaps);
      Checks.require(writtenOnce, "an element is written twice: output %s", operand.layout());
      outputs.add(output);
    }
    return outputs;
  }

  private static void disjoint(String what, List<Addresses> inputs, List<Addresses> outputs) {
    for (Addresses input : inputs) {
      for (Addresses output : outputs) {
        Checks.require(!input.overlaps(output), "an output overlaps %s", what);
      }
    }
  }

  private static void sameOrDisjoint(String what, List<Addresses> inputs, List<Addresses> outputs) {
    for (Addresses input : inputs) {
      for (Addresses output : outputs) {
        Checks.require(
            input.same(output) || !input.overlaps(output),
            "an output overlaps %s with another layout",
            what);
      }
    }
  }
}
