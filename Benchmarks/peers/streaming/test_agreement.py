"""What LocalAgreement-2 commits, forgets and prompts with."""

import unittest

from agreement import Agreement, Word, text


def words(*texts: str, start: float = 0.0) -> list[Word]:
    """Words of half a second each, one after the other."""
    return [Word(start + index / 2, start + (index + 1) / 2, f" {word}") for index, word in enumerate(texts)]


class AgreementTests(unittest.TestCase):
    def setUp(self):
        self.agreement = Agreement()

    def take(self, *texts: str, start: float = 0.0) -> str:
        return text(self.agreement.take(words(*texts, start=start)))

    def test_nothing_is_committed_by_one_hypothesis(self):
        self.assertEqual(self.take("it", "was"), "")
        self.assertEqual(text(self.agreement.pending), " it was")

    def test_two_hypotheses_commit_what_both_begin_with(self):
        self.take("it", "was", "the", "beast")
        self.assertEqual(self.take("it", "was", "the", "best", "of"), " it was the")
        self.assertEqual(text(self.agreement.pending), " best of")
        self.assertEqual(self.agreement.committed_until, 1.5)

    def test_committed_words_are_not_committed_again(self):
        self.take("it", "was", "the", "best")
        self.take("it", "was", "the", "best", "of")
        self.assertEqual(self.take("it", "was", "the", "best", "of", "times"), " of")
        self.assertEqual(text(self.agreement.committed), " it was the best of")

    def test_what_differs_waits_for_the_next_hypothesis(self):
        self.take("a", "tail")
        self.assertEqual(self.take("a", "tale", "of"), " a")
        self.assertEqual(self.take("a", "tale", "of", "two"), " tale of")

    def test_committed_words_with_later_times_are_found_by_their_text(self):
        self.take("it", "was", "the")
        self.take("it", "was", "the")
        # 0.95 s later: the last two of them begin after what is committed.
        self.take("it", "was", "the", "best", start=0.95)
        self.assertEqual(text(self.agreement.pending), " best")

    def test_repeated_words_far_from_the_committed_ones_are_new(self):
        self.take("no")
        self.take("no")
        self.take("no", start=2)
        self.assertEqual(self.take("no", start=2), " no")

    def test_an_empty_hypothesis_withdraws_what_is_pending(self):
        self.take("you")
        self.assertEqual(self.take(), "")
        self.assertEqual(self.agreement.pending, [])

    def test_the_prompt_is_committed_text_before_the_sound_but_for_the_last_word(self):
        self.take("it", "was", "the", "best")
        self.take("it", "was", "the", "best")
        self.assertEqual(self.agreement.prompt(0.0), "")
        self.assertEqual(self.agreement.prompt(1.0), " it was")
        self.assertEqual(self.agreement.prompt(9.0), " it was the")

    def test_the_prompt_has_no_more_words_than_200_characters_take(self):
        many = [f"word{index:03}" for index in range(60)]
        self.take(*many)
        self.take(*many)
        prompt = self.agreement.prompt(100.0)
        self.assertTrue(prompt.endswith(" word057 word058"))
        # A word with its space, and one more: 9 characters, 23 times.
        self.assertEqual(len(prompt.split()), 23)

    def test_the_sound_is_cut_at_a_committed_segment_that_is_not_the_last(self):
        self.take("it", "was", "the", "best")
        self.take("it", "was", "the", "best")
        self.assertEqual(self.agreement.cut([0.5, 1.5, 2.0]), 1.5)
        self.assertEqual(self.agreement.cut([1.0, 3.0, 4.0]), 1.0)
        self.assertIsNone(self.agreement.cut([2.0]))
        self.assertIsNone(self.agreement.cut([2.5, 3.0]))

    def test_words_that_left_the_sound_are_not_looked_for(self):
        self.take("no")
        self.take("no")
        self.agreement.leave(0.5)
        self.take("no", start=0.5)
        self.assertEqual(self.take("no", start=0.5), " no")


if __name__ == "__main__":
    unittest.main()
