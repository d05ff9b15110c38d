"""What only a browser knows."""

import pytest

pytest.register_assert_rewrite("tests.browser.visitor")
