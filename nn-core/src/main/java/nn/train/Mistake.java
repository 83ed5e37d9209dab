package nn.train;

/**
 * An example that a model takes for another class.
 *
 * @param index of the example in its data set
 * @param label its class
 * @param predicted the class it is taken for
 * @param ofLabel how probable the model holds its class, 0 to 1
 * @param ofPredicted how probable the model holds the other, 0 to 1
 */
public record Mistake(int index, int label, int predicted, double ofLabel, double ofPredicted) {}
