"""How OneFlow.AI is packaged."""

from pathlib import Path

from setuptools import setup

VERSION = "2.0.0"

setup(
    name="oneflow-ai",
    version=VERSION,
    description="Routes each request to the cheapest model that can answer it.",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="The OneFlow.AI maintainers",
    url="https://github.com/oneflow-ai/oneflow",
    project_urls={
        "Changelog": "https://github.com/oneflow-ai/oneflow/blob/main/CHANGELOG.md",
    },
    license="MIT",
    packages=["src"],
    python_requires=">=3.8",
    classifiers=[
        "Development Status :: 5 - Production/Stable",
        "Intended Audience :: Developers",
        "License :: OSI Approved :: MIT License",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.9",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
    ],
)
