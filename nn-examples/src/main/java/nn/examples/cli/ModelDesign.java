package nn.examples.cli;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import nn.data.Dataset;
import nn.expr.Expr;
import nn.layer.Layer;
import nn.layer.Models;
import nn.tensor.Initializer;

/**
 * A multilayer perceptron as a user asked for it.
 *
 * @param preset what was not named comes from it
 * @param hidden widths of the hidden layers
 * @param activationName what the user calls the activation
 * @param initName what the user calls the initial weights
 */
record ModelDesign(
    Preset preset,
    List<Integer> hidden,
    String activationName,
    UnaryOperator<Expr> activation,
    String initName,
    Initializer init,
    boolean batchNorm,
    double dropout) {

  /** The model for images and classes of that data set. */
  Layer build(Dataset data) {
    int[] widths = hidden.stream().mapToInt(Integer::intValue).toArray();
    return Models.mlp(
        data.features(), widths, data.classes(), activation, init, batchNorm, dropout);
  }

  /** In words, such as {@code 784-50-10 sigmoid, std:0.01}. */
  String describe(Dataset data) {
    StringJoiner widths = new StringJoiner("-").add(String.valueOf(data.features()));
    hidden.forEach(width -> widths.add(String.valueOf(width)));
    widths.add(String.valueOf(data.classes()));
    return "%s %s, %s%s%s"
        .formatted(
            widths,
            activationName,
            initName,
            batchNorm ? ", batch norm" : "",
            dropout > 0 ? ", dropout " + dropout : "");
  }
}
