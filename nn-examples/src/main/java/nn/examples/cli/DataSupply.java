package nn.examples.cli;

import java.util.function.Consumer;
import nn.data.DataException;
import nn.data.TrainTest;

/** Where a training's data come from. */
@FunctionalInterface
interface DataSupply {

  /**
   * Loads them.
   *
   * @param messages takes each line that a user should see
   */
  TrainTest load(Consumer<String> messages) throws DataException;
}
