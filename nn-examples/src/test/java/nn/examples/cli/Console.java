package nn.examples.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import nn.data.DataException;
import nn.data.Mnist;

/** Runs the command line in this JVM, on the first images of the bundled subset. */
final class Console {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final int trainImages;
  private boolean interactive;

  Console(int trainImages) {
    this.trainImages = trainImages;
  }

  Console interactive() {
    interactive = true;
    return this;
  }

  int run(String... args) {
    PrintWriter outWriter = new PrintWriter(out, true);
    PrintWriter errWriter = new PrintWriter(err, true);
    return Main.run(new Terminal(outWriter, errWriter, interactive), messages -> mini(), args);
  }

  private Mnist mini() throws DataException {
    Mnist mini = Mnist.mini();
    return new Mnist(mini.train().take(trainImages), mini.test(), mini.source());
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
