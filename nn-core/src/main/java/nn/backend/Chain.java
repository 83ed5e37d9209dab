package nn.backend;

import java.util.List;

/**
 * Commands that pass values on to one another. Running them one after another is right; a backend
 * that runs all of them for a part of the values, and then for the next part, keeps those in cache.
 */
public sealed interface Chain extends Command permits Rows, Slices {

  /** The commands in their order. */
  List<Command> stages();

  /** Outputs that nothing reads but later stages; a backend need not store them. */
  List<Operand> internal();

  /** A chain of the same kind. */
  Chain with(List<Command> otherStages, List<Operand> otherInternal);

  /** What stages write, and others than they may read. */
  @Override
  default List<Operand> outputs() {
    return stages().stream()
        .flatMap(stage -> stage.outputs().stream())
        .filter(out -> !internal().contains(out))
        .toList();
  }
}
