package nn.examples.cli;

import java.util.function.Consumer;
import nn.data.DataException;
import nn.data.Mnist;

/** Where MNIST comes from if a user names no folder. */
@FunctionalInterface
interface MnistSupply {

  /**
   * Loads it.
   *
   * @param messages takes each line that a user should see
   */
  Mnist load(Consumer<String> messages) throws DataException;
}
