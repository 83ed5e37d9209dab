package nn.plan;

import java.util.List;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Slices;
import nn.backend.SparseGemm;

/**
 * Whether the operands of a command may share memory as they do; see {@link nn.backend.Aliasing}.
 */
final class Sharing {
  private Sharing() {}

  static boolean isAllowed(Command command) {
    return outputsDisjoint(Accesses.results(command))
        && switch (command) {
          case Elementwise e -> sameOrDisjoint(e.inputs(), e.outputs());
          case Gemm g ->
              disjoint(List.of(g.a(), g.b()), g.outputs())
                  && sameOrDisjoint(g.extras(), g.outputs());
          case Reduce r -> disjoint(r.inputs(), r.outputs());
          case SparseGemm s -> disjoint(s.inputs(), s.outputs());
          case Rows rows -> rowByRow(rows);
          case Slices slices -> slices.stages().stream().allMatch(Sharing::isAllowed);
        };
  }

  private static boolean outputsDisjoint(List<Operand> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      if (!disjoint(outputs.subList(i + 1, outputs.size()), outputs.subList(i, i + 1))) {
        return false;
      }
    }
    return true;
  }

  private static boolean disjoint(List<Operand> inputs, List<Operand> outputs) {
    for (Operand output : outputs) {
      Region written = Region.of(output);
      for (Operand input : inputs) {
        if (mayMeet(input, output) && overlaps(Accesses.reads(input), written)) {
          return false;
        }
      }
    }
    return true;
  }

  /** False at little cost for most operands: those of two buffers. */
  private static boolean mayMeet(Operand input, Operand output) {
    return input.buffer() == output.buffer() || !input.isPlain();
  }

  private static boolean overlaps(List<Region> reads, Region written) {
    for (Region read : reads) {
      if (read.overlaps(written)) {
        return true;
      }
    }
    return false;
  }

  /** Disjoint, or with each element at the same place. */
  private static boolean sameOrDisjoint(List<Operand> inputs, List<Operand> outputs) {
    for (Operand output : outputs) {
      for (Operand input : inputs) {
        boolean same = input.equals(output) && !overlapsAddresses(input, output);
        if (!same && !disjoint(List.of(input), List.of(output))) {
          return false;
        }
      }
      if (outputs.stream().anyMatch(other -> overlapsAddresses(other, output))) {
        return false;
      }
    }
    return true;
  }

  private static boolean overlapsAddresses(Operand operand, Operand output) {
    return !operand.isPlain() && overlaps(Accesses.addressReads(operand), Region.of(output));
  }

  /** A stage may read, or overwrite what another reads, only within the row. */
  private static boolean rowByRow(Rows rows) {
    List<Operand> inputs = rows.stages().stream().flatMap(s -> s.inputs().stream()).toList();
    for (Operand output : Accesses.results(rows)) {
      for (Operand input : inputs) {
        if (!Rows.same(output, input) && !disjoint(List.of(input), List.of(output))) {
          return false;
        }
      }
    }
    return rows.stages().stream().allMatch(Sharing::isAllowed);
  }
}
