package nn.plan;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Operand;

/**
 * The memory that a command touches.
 *
 * @param reads what it needs from before, row indices and counters included
 * @param writes what it leaves, results that stay inside a chain included
 */
record Accesses(List<Region> reads, List<Region> writes) {

  static Accesses of(Command command) {
    List<Region> reads = new ArrayList<>();
    for (Operand input : command.inputs()) {
      addReads(input, reads);
    }
    List<Region> writes = new ArrayList<>();
    for (Operand result : results(command)) {
      addCounter(result, reads);
      writes.add(Region.of(result));
    }
    return new Accesses(reads, writes);
  }

  /** Everything written, internal results of a chain included. */
  static List<Operand> results(Command command) {
    return command instanceof Chain chain
        ? chain.stages().stream().flatMap(stage -> stage.outputs().stream()).toList()
        : command.outputs();
  }

  /** What must be intact when an operand is read. */
  static List<Region> reads(Operand operand) {
    List<Region> reads = new ArrayList<>();
    addReads(operand, reads);
    return reads;
  }

  private static void addReads(Operand operand, List<Region> reads) {
    reads.add(Region.of(operand));
    addAddressReads(operand, reads);
  }

  /** What the operand's addresses depend on. */
  static List<Region> addressReads(Operand operand) {
    List<Region> reads = new ArrayList<>();
    addAddressReads(operand, reads);
    return reads;
  }

  private static void addAddressReads(Operand operand, List<Region> reads) {
    addCounter(operand, reads);
    if (operand.rows() != null) {
      addReads(operand.rows(), reads);
    }
  }

  private static void addCounter(Operand operand, List<Region> reads) {
    if (operand.cursor() != null) {
      reads.add(new Region(operand.cursor().counter(), 0, 1));
    }
  }

  boolean readsAny(Region region) {
    return overlaps(reads, region);
  }

  boolean writesAny(Region region) {
    return overlaps(writes, region);
  }

  private static boolean overlaps(List<Region> regions, Region region) {
    for (Region other : regions) {
      if (other.overlaps(region)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the order of two commands matters. */
  boolean conflictsWith(Accesses that) {
    return writes.stream().anyMatch(w -> that.readsAny(w) || that.writesAny(w))
        || that.writes.stream().anyMatch(this::readsAny);
  }
}
